// How one line reaches many: written once in each form, shared by all who get that form.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/messenger/server/deadline_queue.hpp"
#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;

/// Of what waits for a client, the last line.
const shared_line& last_line(person& of) { return of.session().output.lines().back(); }

TEST(fan_out, shares_one_buffer_among_all_recipients) {
  meeting at;
  person& alice = at.arrives("alice", "echo-message");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
  for (person* one : {&alice, &bob, &carol}) one->hears();
  alice.says("PRIVMSG #a :hi");
  EXPECT_EQ(last_line(bob).text(), ":alice!alice@192.0.2.1 PRIVMSG #a :hi\r\n");
  EXPECT_TRUE(last_line(bob).shares(last_line(carol)));
  EXPECT_TRUE(last_line(bob).shares(last_line(alice)));
}

TEST(fan_out, has_one_buffer_for_each_form_that_capabilities_ask_for) {
  meeting at;
  person& alice = at.arrives("alice");
  person& plain = at.arrives("plain");
  person& timed = at.arrives("timed", "server-time");
  person& timed_too = at.arrives("timed2", "server-time echo-message");
  person& tagged = at.arrives("tagged", "message-tags");
  for (person* one : {&alice, &plain, &timed, &timed_too, &tagged}) one->says("JOIN #a");
  for (person* one : {&alice, &plain, &timed, &timed_too, &tagged}) one->hears();
  alice.says("PRIVMSG #a :hi");
  EXPECT_FALSE(last_line(plain).shares(last_line(timed)));
  EXPECT_TRUE(last_line(timed).shares(last_line(timed_too)));
  EXPECT_FALSE(last_line(plain).shares(last_line(tagged)));
  // Of what is no message there is nothing to add for those who take tags.
  alice.says("TOPIC #a :hi");
  EXPECT_TRUE(last_line(plain).shares(last_line(tagged)));
}

TEST(fan_out, of_joins_parts_topics_and_quits_is_shared_too) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
  for (const std::string_view line :
       {"TOPIC #a :x", "MODE #a +m", "NICK alicia", "PART #a", "JOIN #a", "QUIT"}) {
    alice.says(line);
    EXPECT_TRUE(last_line(bob).shares(last_line(carol))) << line;
  }
}

TEST(fan_out, tells_a_transport_once_of_many_lines) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  at.desk().flush();
  const std::size_t before = bob.times_attended();
  for (int i = 0; i < 10; ++i) alice.says("PRIVMSG bob :x");
  EXPECT_EQ(bob.times_attended(), before);
  EXPECT_TRUE(at.desk().has_news());
  at.desk().flush();
  EXPECT_EQ(bob.times_attended(), before + 1);
  EXPECT_FALSE(at.desk().has_news());
  at.desk().flush();
  EXPECT_EQ(bob.times_attended(), before + 1);
}

TEST(shared_line, lives_as_long_as_the_last_reference) {
  shared_line first{"text"};
  shared_line second = first;
  EXPECT_TRUE(first.shares(second));
  first = shared_line{};
  EXPECT_FALSE(first);
  EXPECT_EQ(second.text(), "text");
  const shared_line third = std::move(second);
  EXPECT_EQ(third.text(), "text");
}

TEST(shared_line, grows_only_for_its_sole_owner_and_where_there_is_room) {
  shared_line line{"one", 6};
  {
    const shared_line other = line;
    EXPECT_FALSE(line.append("two"));
    EXPECT_EQ(other.text(), "one");
  }
  EXPECT_TRUE(line.append("two"));
  EXPECT_FALSE(line.append("!"));
  EXPECT_EQ(line.text(), "onetwo");
  EXPECT_FALSE(shared_line{}.append("x"));
}

TEST(send_queue, counts_bytes_until_their_sending_has_ended) {
  send_queue queue;
  EXPECT_TRUE(queue.push(shared_line{"12345"}, 10));
  EXPECT_FALSE(queue.push(shared_line{"123456"}, 10));
  EXPECT_TRUE(queue.append("12345", 10));
  EXPECT_EQ(queue.bytes(), 10U);
  send_batch batch;
  EXPECT_TRUE(queue.take(batch));
  EXPECT_EQ(batch.bytes().size(), 10U);
  EXPECT_EQ(queue.bytes(), 10U);
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.append("x", 10));
  EXPECT_FALSE(queue.take(batch));
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(send_queue, packs_texts_of_one_client_together_and_leaves_shared_ones_alone) {
  send_queue queue;
  const shared_line shared{"shared"};
  queue.append("a", 1000);
  queue.append("b", 1000);
  queue.push(shared, 1000);
  queue.append("c", 1000);
  ASSERT_EQ(queue.lines().size(), 3U);
  EXPECT_EQ(queue.lines()[0].text(), "ab");
  EXPECT_EQ(queue.lines()[2].text(), "c");
  EXPECT_EQ(shared.text(), "shared");
}

TEST(send_queue, gives_one_line_from_where_it_is_and_several_as_one) {
  send_queue queue;
  const shared_line line{"one"};
  queue.push(line, 100);
  send_batch batch;
  ASSERT_TRUE(queue.take(batch));
  EXPECT_EQ(batch.bytes().data(), line.bytes().data());
  queue.push(line, 100);
  queue.push(line, 100);
  ASSERT_TRUE(queue.take(batch));
  EXPECT_EQ(batch.bytes().size(), 6U);
  EXPECT_FALSE(queue.take(batch));
  EXPECT_TRUE(batch.bytes().empty());
}

TEST(send_queue, gives_much_in_several_batches) {
  send_queue queue;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string line(static_cast<std::size_t>(400 + i), static_cast<char>('a' + i % 26));
    queue.push(shared_line{line}, 1'000'000);
    expected += line;
  }
  queue.push(shared_line{std::string(20'000, '!')}, 1'000'000);
  expected += std::string(20'000, '!');
  std::string all;
  std::vector<std::size_t> sizes;
  for (send_batch batch; queue.take(batch);) {
    sizes.push_back(batch.bytes().size());
    all.append(reinterpret_cast<const char*>(batch.bytes().data()), batch.bytes().size());
  }
  EXPECT_EQ(all, expected);
  ASSERT_EQ(sizes.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_LE(sizes[i], 16'384U);
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(token_bucket, gives_a_burst_and_then_one_token_in_each_interval) {
  const line_rate rate{.burst = 3, .interval = 500ms};
  token_bucket bucket;
  instant now = instant{} + 10s;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(bucket.ready(now, rate));
    bucket.take(now, rate);
  }
  EXPECT_FALSE(bucket.ready(now, rate));
  EXPECT_EQ(bucket.next(rate), now + 500ms);
  now += 500ms;
  EXPECT_TRUE(bucket.ready(now, rate));
  bucket.take(now, rate);
  EXPECT_FALSE(bucket.ready(now + 499ms, rate));
  bucket.fill();
  EXPECT_TRUE(bucket.ready(now, rate));
}

TEST(deadline_queue, gives_clients_in_the_order_of_their_deadlines) {
  struct silent final : transport {
    void attend() override {}
    void cut() noexcept override {}
  } by;
  std::list<client> clients;
  deadline_queue queue;
  EXPECT_EQ(queue.first(), never);
  for (const int at : {5, 3, 9, 1, 7, 2, 8, 4, 6}) {
    clients.emplace_back(by, "host", moment{});
    queue.insert(clients.back(), instant{} + std::chrono::seconds{at});
  }
  const auto with = [&](int at) -> client& {
    return *std::ranges::find(clients, instant{} + std::chrono::seconds{at}, &client::deadline);
  };
  client& erased = with(3);
  queue.erase(erased);
  EXPECT_FALSE(queue.contains(erased));
  queue.move(with(9), instant{});
  queue.move(with(1), instant{} + 10s);
  std::vector<std::int64_t> order;
  while (queue.first() != never) {
    order.push_back(queue.pop().deadline.time_since_epoch() / std::chrono::nanoseconds{1s});
  }
  EXPECT_THAT(order, ElementsAre(0, 2, 4, 5, 6, 7, 8, 10));
}

}  // namespace
}  // namespace pentad::messenger::testing
