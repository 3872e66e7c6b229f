#include "tests/soak/random_conversations.hpp"

#include <cerrno>

namespace pentad::native::test {
namespace {

constexpr std::size_t most_conversations = 24;
constexpr duration patience = 2h;  // of virtual time, for all of them

// ARP has no checksum and asks three times: the neighbour's address may be a wrong one for as long
// as a SYN is tried, or stay unknown.
bool was_not_found(int error) noexcept { return error == EHOSTUNREACH || error == ETIMEDOUT; }

}  // namespace

void one_way::send(connection& from, std::size_t most) {
  std::array<std::byte, 4096> bytes;
  while (sent_ < size_ && most != 0) {
    const std::size_t count = std::min({bytes.size(), size_ - sent_, most, from.writable()});
    if (count == 0) return;
    for (std::size_t i = 0; i != count; ++i) bytes[i] = at(sent_ + i);
    const std::size_t taken = from.write(std::span(bytes).first(count));
    sent_ += taken;
    most -= taken;
    if (taken == 0) return;
  }
  if (sent_ == size_ && !from.cannot_send()) from.shutdown_send();
}

void one_way::receive(connection& to, std::size_t most) {
  std::array<std::byte, 4096> bytes;
  while (most != 0) {
    const std::size_t count = to.read(std::span(bytes).first(std::min(bytes.size(), most)));
    if (count == 0) return;
    for (std::size_t i = 0; i != count; ++i) right_ = right_ && bytes[i] == at(received_ + i);
    received_ += count;
    most -= count;
    right_ = right_ && received_ <= size_;
  }
}

random_conversations::random_conversations(std::uint64_t seed)
    : random_(seed),
      settings_(random_settings(seed)),
      hosts_(seed, settings_),
      service_(&listen(hosts_, 4)),
      to_begin_(1 + random(most_conversations - 1)) {}

tcp_settings random_conversations::random_settings(std::uint64_t seed) {
  std::mt19937_64 random(~seed);
  tcp_settings made;
  made.send_buffer = std::size_t{4096} << random() % 7;
  made.receive_buffer = std::size_t{4096} << random() % 7;
  if (random() % 2 == 0) made.most_send_buffer = made.most_receive_buffer = 0;  // as they begin
  made.timestamps = random() % 4 != 0;
  made.sack = random() % 4 != 0;
  if (random() % 4 == 0) made.most_half_open = 1;  // cookies for the others
  made.congestion =
      random() % 2 == 0 ? congestion_algorithm::cubic : congestion_algorithm::new_reno;
  return made;
}

void random_conversations::change_the_link() {
  hosts_.link = {.delay = std::chrono::microseconds(random_size(17)),
                 .loss = random(2) == 0 ? 0 : random_share(0.08),
                 .corrupt = random(3) != 0 ? 0 : random_share(0.01),
                 .duplicate = random(2) != 0 ? 0 : random_share(0.03),
                 .reorder = random(2) != 0 ? 0 : random_share(0.1),
                 .reorder_delay = std::chrono::microseconds(random_size(15))};
  link_changes_ = hosts_.now + std::chrono::milliseconds(100 + random(10'000));
}

void random_conversations::begin_one() {
  const ip_version version = random(1) == 0 ? ip_version::v4 : ip_version::v6;
  conversation made{.ends = {},
                    .there = one_way(random_(), random_size(19)),
                    .back = one_way(random_(), random_size(19)),
                    .version = version,
                    .aborted_at = {}};
  const auto begun =
      hosts_.a.streams.connect(endpoint(ip_address::any(version), 0),
                               endpoint(hosts_.b.address(version), service_port), hosts_.now);
  ASSERT_TRUE(begun.has_value());
  made.ends.client = *begun;
  made.client_port = made.ends.client->tuple.local.port;
  if (random(5) == 0) made.aborted_at = hosts_.now + std::chrono::milliseconds(random(3'000));
  all_.push_back(std::move(made));
}

void random_conversations::accept() {
  while (connection* arrived = service_->accept()) {
    const auto whose = std::ranges::find_if(all_, [&](const conversation& each) {
      return !each.is_over && each.ends.server == nullptr &&
             each.client_port == arrived->tuple.remote.port &&
             each.version == arrived->tuple.remote.address.version();
    });
    if (whose == all_.end()) {
      arrived->release(true);  // of one that was aborted
    } else {
      whose->ends.server = arrived;
    }
  }
}

void random_conversations::go_on(conversation& with) {
  connection& client = *with.ends.client;
  if (with.aborted_at && hosts_.now >= *with.aborted_at) return finish(with);
  if (with.ends.server == nullptr && was_not_found(client.error())) return finish(with);
  // A cookie remembers nothing: what overtakes the segment that brings it back is a stranger's and
  // is answered with a reset (RFC 4987, section 3.6).
  if (settings_.most_half_open == 1 && client.error() == ECONNRESET) return finish(with);
  ASSERT_EQ(client.error(), 0) << "nobody has reset it";
  const std::size_t most = 1 + random_size(16);
  if (client.is_connected()) {
    with.there.send(client, most);
    with.back.receive(client, most);
  }
  if (with.ends.server == nullptr) return;
  connection& server = *with.ends.server;
  ASSERT_EQ(server.error(), 0);
  with.back.send(server, most);
  with.there.receive(server, most);
  ASSERT_TRUE(with.there.is_right());
  ASSERT_TRUE(with.back.is_right());
  if (!client.at_end() || !server.at_end()) return;
  ASSERT_TRUE(with.there.has_arrived());
  ASSERT_TRUE(with.back.has_arrived());
  finish(with);
}

void random_conversations::finish(conversation& with) {
  const bool resets = with.aborted_at.has_value();
  std::exchange(with.ends.client, nullptr)->release(resets);
  if (with.ends.server != nullptr) std::exchange(with.ends.server, nullptr)->release(resets);
  with.is_over = true;
}

void random_conversations::expect_bounds() const {
  for (const conversation& each : all_) {
    for (const connection* end : {each.ends.client, each.ends.server}) {
      if (end == nullptr) continue;
      ASSERT_LE(end->send_queue(), std::max(settings_.send_buffer, settings_.most_send_buffer));
    }
  }
  for (const whole_host* each : {&hosts_.a, &hosts_.b}) {
    ASSERT_LE(each->streams.send_memory(), settings_.send_memory);
  }
}

bool random_conversations::step() {
  if (hosts_.now >= link_changes_) change_the_link();
  if (to_begin_ != 0 && random(7) == 0) {
    begin_one();
    --to_begin_;
  }
  accept();
  for (conversation& each : all_) {
    if (!each.is_over) go_on(each);
    if (testing::Test::HasFatalFailure()) return true;
  }
  expect_bounds();
  return testing::Test::HasFatalFailure() ||
         (to_begin_ == 0 && std::ranges::all_of(all_, &conversation::is_over));
}

void random_conversations::hold() {
  const instant end = hosts_.now + patience;
  while (!step()) {
    ASSERT_LT(hosts_.now, end) << "some never end";
    hosts_.run(std::chrono::microseconds(1 + random_size(15)));
  }
  if (testing::Test::HasFatalFailure()) return;
  service_->close();
  hosts_.link = {.delay = hosts_.link.delay};
  hosts_.run(1h);
  expect_empty(hosts_.a);
  expect_empty(hosts_.b);
}

}  // namespace pentad::native::test
