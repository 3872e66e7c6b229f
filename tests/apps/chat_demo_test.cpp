// The demo's story, from reports of a play that has not taken place, and of one on one host.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "apps/messenger/demo/play.hpp"
#include "apps/messenger/demo/story.hpp"
#include "apps/messenger/demo/visitor.hpp"
#include "pentad/hosts/make_host.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::messenger::demo {
namespace {

using ::testing::HasSubstr;
using kind = report::kind;

TEST(report, travels_as_text) {
  const report told{kind::step, actor::bob, "send",
                    "5 bytes",  "hello",    "tcp 1.2.3.4:5 > 6.7.8.9:10"};
  const auto read = decode(encode(told));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->what, told.what);
  EXPECT_EQ(read->who, told.who);
  EXPECT_EQ(read->name, told.name);
  EXPECT_EQ(read->text, told.text);
  EXPECT_EQ(read->bytes, told.bytes);
  EXPECT_EQ(read->tuple, told.tuple);
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode("."));
}

TEST(story, without_messages_does_not_end_well) {
  story told;
  EXPECT_FALSE(told.ends_well());
  EXPECT_THAT(told.text(), HasSubstr("did not arrive"));
  told.hear({kind::read, actor::bob, {}, std::string(alices_part.message)});
  EXPECT_FALSE(told.ends_well());
  told.hear({kind::read, actor::alice, {}, std::string(bobs_part.message)});
  EXPECT_TRUE(told.ends_well());
  told.hear({kind::trouble, actor::bob, "connect", "Connection refused"});
  EXPECT_TRUE(told.has_trouble());
  EXPECT_FALSE(told.ends_well());
  EXPECT_THAT(told.text(), HasSubstr("bob on B: connect failed: Connection refused"));
}

TEST(story, takes_no_message_for_another) {
  story told;
  told.hear({kind::read, actor::bob, {}, std::string(bobs_part.message)});
  told.hear({kind::read, actor::alice, {}, std::string(alices_part.message)});
  EXPECT_FALSE(told.ends_well());
}

/// Starts the play of host A as soon as that of host B has its server.
class director final : public audience {
 public:
  director(host& here, scope& all) : here_(here), all_(all) {}

  void hear(const report& what) override {
    told.hear(what);
    if (what.what == kind::listens) {
      all_.spawn(play_host_a(here_, endpoint::parse(what.text).value(), *this));
    }
  }

  story told;

 private:
  host& here_;
  scope& all_;
};

TEST(play, can_be_had_in_one_process) {
  const auto here = make_host("kernel");
  ASSERT_TRUE(here);
  std::string text;
  bool ended_well = false;
  const auto program = [&](host& on) -> task<> {
    co_await in_scope([&](scope& all) -> task<> {
      director play(on, all);
      const endpoint anywhere(ip_address::loopback(ip_version::v4), 0);
      co_await play_host_b(on, anywhere, play);
      text = play.told.text();
      ended_well = play.told.ends_well();
    });
  };
  ASSERT_TRUE((*here)->run(program(**here)));
  EXPECT_TRUE(ended_well) << text;
  std::size_t at = 0;
  for (const std::string_view step :
       {"socket", "bind", "listen", "accept", "receive", "send", "close",  // the server
        "socket", "connect", "send", "receive", "close"}) {                // Alice
    at = text.find("\n    " + std::string(step) + " ", at);
    ASSERT_NE(at, std::string::npos) << step << "\n" << text;
    at += 1;
  }
  EXPECT_EQ(text.find("    -\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace pentad::messenger::demo
