// What a run of a script finds, and how it says so.

#include "apps/packet_scripts/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pentad::packet_scripts {
namespace {

using ::testing::HasSubstr;
using kind = verdict::kind;

const std::string listening =
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
    "+0 bind(3, ..., ...) = 0\n"
    "+0 listen(3, 1) = 0\n"
    "+0 < S 0:0(0) win 1000 <mss 1000>\n";

const std::string accepted = listening +
                             "+0 > S. 0:0(0) ack 1 <...>\n"
                             "+.1 < . 1:1(0) ack 1 win 1000\n"
                             "+0 accept(3, ..., ...) = 4\n";

verdict failing(const std::string& script) {
  const verdict told = run_script(script);
  EXPECT_EQ(told.what, kind::failed) << told.reason;
  return told;
}

TEST(packet_script, passes_when_all_is_as_it_says) {
  const verdict told = run_script(accepted);
  EXPECT_EQ(told.what, kind::passed) << told.line << ": " << told.reason;
}

TEST(packet_script, tells_which_packet_was_expected_and_which_came) {
  const verdict told = failing(listening + "+0 > R. 0:0(0) ack 1\n");
  EXPECT_EQ(told.line, 5U);
  EXPECT_THAT(told.reason, HasSubstr("expected '> R. 0:0(0) ack 1', came '> S. 0:0(0) ack 1"));
}

TEST(packet_script, fails_when_nothing_comes) {
  EXPECT_THAT(failing(accepted + "+0 > . 1:1(0) ack 1\n").reason, HasSubstr("came nothing"));
}

TEST(packet_script, fails_when_a_packet_comes_at_another_time) {
  EXPECT_THAT(failing(listening + "+.1 > S. 0:0(0) ack 1 <...>\n").reason,
              HasSubstr("at 0.100000 s, came it at 0.000000 s"));
}

TEST(packet_script, looks_at_windows_and_options_that_are_written) {
  failing(listening + "+0 > S. 0:0(0) ack 1 win 1 <...>\n");
  failing(listening + "+0 > S. 0:0(0) ack 1 <mss 1000>\n");
  failing(listening + "+0 > S. 0:0(0) ack 1\n");
}

TEST(packet_script, looks_at_marks_that_are_written) {
  failing(listening + "+0 > [ect0] S. 0:0(0) ack 1 <...>\n");
}

TEST(packet_script, takes_segments_together_that_it_names_as_one) {
  const std::string writes = accepted + "+0 write(4, ..., 1000) = 1000\n";
  EXPECT_EQ(run_script(writes + "+0 > P. 1:1001(1000) ack 1\n").what, kind::passed);
  failing(writes + "+0 > P. 1:1002(1001) ack 1\n");
}

TEST(packet_script, compares_what_calls_return) {
  EXPECT_THAT(failing(accepted + "+0 write(4, ..., 10) = 9\n").reason,
              HasSubstr("expected write() to return 9, came 10"));
  EXPECT_THAT(failing(accepted + "+0 read(4, ..., 10) = 10\n").reason, HasSubstr("it waits"));
  EXPECT_THAT(failing(accepted + "+0 recv(4, ..., 10, MSG_DONTWAIT) = -1 ENOTCONN (Not)\n").reason,
              HasSubstr("came -1 EAGAIN"));
}

TEST(packet_script, looks_at_when_calls_return) {
  const std::string arrives = "+.2 < P. 1:11(10) ack 1 win 1000\n+0 > . 1:1(0) ack 11\n";
  const std::string right = accepted + "+0...0.2 read(4, ..., 10) = 10\n" + arrives;
  EXPECT_EQ(run_script(right).what, kind::passed) << run_script(right).reason;
  EXPECT_THAT(failing(accepted + "+0...0.1 read(4, ..., 10) = 10\n" + arrives).reason,
              HasSubstr("the end of read()"));
  EXPECT_THAT(failing(accepted + "+0...0.1 read(4, ..., 10) = 10\n").reason,
              HasSubstr("it still waits"));
}

TEST(packet_script, checks_assertions) {
  EXPECT_EQ(
      run_script(accepted + "+0 %{ assert tcpi_snd_mss == 1000 and 2 + 3 * 4 == 14 }%\n").what,
      kind::passed);
  EXPECT_THAT(failing(accepted + "+0 %{ assert tcpi_snd_mss > 1000, tcpi_snd_mss }%\n").reason,
              HasSubstr("'tcpi_snd_mss > 1000'"));
}

TEST(packet_script, is_not_supported_when_it_asks_for_what_is_not_had) {
  for (const auto& [script, reason] :
       {std::pair{listening + "+0 splice(3, 4) = 0\n", "the call splice()"},
        {"`sysctl -w net.ipv4.tcp_unheard_of=1`\n" + listening, "tcp_unheard_of"},
        {"`iptables -F`\n" + listening, "iptables"},
        {listening + "+0 > SEWA 0:0(0)\n", "AccECN"},
        {accepted + "+0 < . 1:65536(65535) ack 1 win 1\n", "more than 65535 bytes"},
        {accepted + "+0 %{ assert tcpi_unheard_of == 1 }%\n", "tcpi_unheard_of"},
        {listening + "+0 setsockopt(3, SOL_TCP, TCP_CORK, [1], 4) = 0\n", "SOL_TCP"}}) {
    const verdict told = run_script(script);
    EXPECT_EQ(told.what, kind::not_supported) << script;
    EXPECT_THAT(told.reason, HasSubstr(reason));
  }
}

TEST(packet_script, bounds_how_deep_python_may_be_nested) {
  for (const std::string word : {"not ", "-", "("}) {
    std::string deep = "+0 %{ assert ";
    for (int i = 0; i < 100'000; ++i) deep += word;
    EXPECT_EQ(run_script(accepted + deep + "1 }%\n").what, kind::not_supported) << word;
  }
}

TEST(packet_script, takes_numbers_that_are_no_integers_where_bits_are_wanted) {
  EXPECT_EQ(
      run_script(accepted + "+0 %{ assert 1e300 | 1 and not ((1e300 - 1e300) / 0 | 0) }%\n").what,
      kind::passed);
}

TEST(packet_script, says_where_it_is_malformed) {
  struct example {
    std::string script;
    unsigned line;
    unsigned column;
  };
  for (const example& each : {example{"0 socket(\n", 2, 1},
                              {"0 < S 0:5(4) win 1\n", 1, 7},
                              {"0 < S 0:0(0) win 70000\n", 1, 18},
                              {"0 < Q 0:0(0) win 1\n", 1, 5},
                              {"0 `unended\n", 1, 3},
                              {"+0~+1 < . 1:1(0) win 1\n", 1, 1},
                              {"0 close(3) = 0 EBADF (what\n", 2, 1},
                              {"0 read(7, ..., 1) = 1\n", 1, 8},
                              {"0 < S 0:0(0) win 1 <bss 1>\n", 1, 21},
                              {"--local_ip=0.0.0.0\n+0 close(3) = 0\n", 1, 1},
                              {"1e99 close(3) = 0\n", 1, 1}}) {
    const verdict told = run_script(each.script);
    EXPECT_EQ(told.what, kind::malformed) << each.script;
    EXPECT_EQ(told.line, each.line) << each.script << told.reason;
    EXPECT_EQ(told.column, each.column) << each.script << told.reason;
  }
}

}  // namespace
}  // namespace pentad::packet_scripts
