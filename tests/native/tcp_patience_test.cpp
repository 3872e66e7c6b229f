// How long a connection waits for a silent peer (RFC 9293, sections 3.8.3 and 3.8.4; tcp(7)).
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_patience : public tcp_conversation {};

TEST_F(tcp_patience, gives_up_after_so_many_retransmissions) {
  settings.retries = 3;
  is_connected();
  writes(10);
  for (int i = 0; i < 4; ++i) {
    says(". 1:11(10) ack 1");
    passes(300ms * (1 << i));
  }
  EXPECT_EQ(us->error(), ETIMEDOUT);
  says("R. 11:11(0) ack 1");
}

TEST_F(tcp_patience, gives_up_with_what_a_router_has_said) {
  settings.retries = 1;
  is_connected();
  writes(10);
  says(". 1:11(10) ack 1");
  hears_icmp(path_error::kind::host_unreachable, 1);
  passes(300ms);
  says(". 1:11(10) ack 1");
  passes(600ms);
  EXPECT_EQ(us->error(), EHOSTUNREACH);
}

// RFC 9293, section 3.8.3 (user timeout), and tcp(7).
TEST_F(tcp_patience, gives_up_when_the_user_timeout_is_over) {
  is_connected();
  us->set_user_timeout(5s);
  writes(10);
  says(". 1:11(10) ack 1");
  passes(4999ms);
  for (int i = 0; i < 4; ++i) says(". 1:11(10) ack 1");
  EXPECT_EQ(us->error(), 0);
  passes(1ms);
  EXPECT_EQ(us->error(), ETIMEDOUT);
  says("R. 11:11(0) ack 1");
}

// RFC 9293, section 3.8.4.
TEST_F(tcp_patience, gives_up_a_peer_that_does_not_answer_probes) {
  is_connected();
  us->set_keep_alive({.idle = 60s, .interval = 10s, .count = 3});
  passes(59s);
  says_nothing();
  passes(1s);
  for (int i = 0; i < 3; ++i) {
    says(". 0:0(0) ack 1");
    EXPECT_EQ(us->error(), 0);
    passes(10s);
  }
  EXPECT_EQ(us->error(), ETIMEDOUT);
  says("R. 1:1(0) ack 1");
}

TEST_F(tcp_patience, keeps_a_peer_that_answers_probes) {
  is_connected();
  us->set_keep_alive({.idle = 60s, .interval = 10s, .count = 3});
  for (int i = 0; i < 5; ++i) {
    passes(60s);
    says(". 0:0(0) ack 1");
    hears(". ack 1");
  }
  says_nothing();
  EXPECT_EQ(us->error(), 0);
}

// A peer's probe has an old number.
TEST_F(tcp_patience, answers_probes) {
  is_connected();
  hears(". 0:0(0) ack 1");
  says(". 1:1(0) ack 1");
}

// tcp(7): the user timeout also bounds how long probes go unanswered.
TEST_F(tcp_patience, probes_no_longer_than_the_user_timeout) {
  is_connected();
  us->set_keep_alive({.idle = 60s, .interval = 10s, .count = 100});
  us->set_user_timeout(75s);
  passes(60s);
  says(". 0:0(0) ack 1");
  passes(10s);
  says(". 0:0(0) ack 1");
  passes(10s);
  EXPECT_EQ(us->error(), ETIMEDOUT);
}

}  // namespace
}  // namespace pentad::native::test
