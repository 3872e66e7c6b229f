// The user timeout option (RFC 5482).
#include "pentad/stack/native/core/tcp/user_timeout.hpp"
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_user_timeout_option : public tcp_conversation {
 protected:
  tcp_user_timeout_option() { settings.user_timeout_option = true; }

  /// When a connection that gets no answer is given up.
  duration time_until_given_up() {
    writes(100);
    const instant begin = now;
    while (us->state() != tcp_state::closed && now - begin < 48h) passes(1s);
    says_all();
    EXPECT_EQ(us->error(), ETIMEDOUT);
    return now - begin;
  }
};

TEST_F(tcp_user_timeout_option, is_told_once) {
  is_connected();
  us->set_user_timeout(200s);
  writes(1460);
  says("P. 1:1457(1456) ack 1 <uto 200>");  // its 4 bytes are the payload's
  says(". 1457:1461(4) ack 1 <>");
}

TEST_F(tcp_user_timeout_option, is_heard) {
  is_connected("<mss 1460,uto 150>");
  const duration patience = time_until_given_up();
  EXPECT_GE(patience, 150s);
  EXPECT_LE(patience, 152s);
}

TEST_F(tcp_user_timeout_option, is_heard_within_bounds) {
  is_connected("<mss 1460>");
  hears(". 1:1(0) ack 1 <uto 1>");
  const duration patience = time_until_given_up();
  EXPECT_GE(patience, 100s);
  EXPECT_LE(patience, 102s);
}

TEST_F(tcp_user_timeout_option, is_less_than_the_word_of_the_program) {
  is_connected("<mss 1460>");
  us->set_user_timeout(30s);
  hears(". 1:1(0) ack 1 <uto 600>");
  EXPECT_LE(time_until_given_up(), 32s);
}

TEST_F(tcp_user_timeout_option, is_off_unless_it_is_set) {
  settings.user_timeout_option = false;
  is_connected("<mss 1460,uto 100>");
  us->set_user_timeout(1000s);
  writes(100);
  says("P. 1:101(100) ack 1 <>");
  hears(". 1:1(0) ack 101");
  us->set_user_timeout(0s);
  EXPECT_GE(time_until_given_up(), 900s);
}

TEST(user_timeout, is_told_in_minutes_when_it_is_long) {
  EXPECT_EQ(advertised_timeout(1500ms), (wire::tcp_user_timeout{false, 2}));
  EXPECT_EQ(advertised_timeout(32767s), (wire::tcp_user_timeout{false, 32767}));
  EXPECT_EQ(advertised_timeout(32768s), (wire::tcp_user_timeout{true, 547}));
  EXPECT_EQ(accepted_timeout({true, 10}), duration(10min));
  EXPECT_EQ(accepted_timeout({true, 32767}), duration(24h));
}

}  // namespace
}  // namespace pentad::native::test
