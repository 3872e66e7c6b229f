// Data in a SYN (RFC 7413).
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

std::string cookie_in(const segment_text& syn) {
  const std::string text = syn.to_string();
  const std::size_t begin = text.find("FO ");
  return begin == std::string::npos ? "" : text.substr(begin, 3 + 16);
}

class tcp_fast_open_server : public tcp_conversation {
 protected:
  void serves(unsigned most = 8) {
    listens();
    listening->set_fast_open(most);
  }

  /// What a client gets that has none.
  std::string cookie() {
    constexpr std::uint16_t other = 77;
    hears("S 0:0(0) <mss 1460,FO>", other);
    const std::string given = cookie_in(says_what());
    hears("R 1:1(0)", other);
    return given;
  }

  const tcp_counters& counters() { return host().counters(); }
};

TEST_F(tcp_fast_open_server, gives_a_cookie_to_who_asks) {
  serves();
  hears("S 0:0(0) <mss 1460,FO>");
  const segment_text answer = says_what();
  ASSERT_TRUE(answer.options->fast_open);
  EXPECT_EQ(answer.options->fast_open->bytes().size(), 8U);
  EXPECT_EQ(answer.acknowledgment, 1U);
}

TEST_F(tcp_fast_open_server, gives_none_unless_told_so) {
  listens();
  hears("S 0:0(0) <mss 1460,FO>");
  EXPECT_FALSE(says_what().options->fast_open);
}

TEST_F(tcp_fast_open_server, serves_before_the_handshake_has_ended) {
  serves();
  hears("S 0:100(100) <mss 1000," + cookie() + ">");
  accepts();
  EXPECT_TRUE(us->is_connected());
  reads(100);
  writes(50);
  says("S. 0:0(0) ack 101 <mss 1460>");
  says("P. 1:51(50) ack 101");
  passes(10ms);
  hears(". 101:101(0) ack 51");
  EXPECT_EQ(us->state(), tcp_state::established);
  EXPECT_EQ(us->bytes_acknowledged(), 50U);
  EXPECT_EQ(counters().fast_opened, 1U);
  hears("P. 101:201(100) ack 51");
  reads(100);
}

TEST_F(tcp_fast_open_server, can_end_before_the_handshake_has) {
  serves();
  hears("S 0:100(100) <mss 1000," + cookie() + ">");
  accepts();
  reads(100);
  writes(50);
  closes();
  says("S. 0:0(0) ack 101");
  says(". 1:51(50) ack 101");
  says("F. 51:51(0) ack 101");
  hears(". 101:101(0) ack 52");
  hears("F. 101:101(0) ack 52");
  says(". 52:52(0) ack 102");
  passes(61s);
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_fast_open_server, takes_no_data_for_a_bad_cookie_and_gives_a_good_one) {
  serves();
  const std::string good = cookie();
  hears("S 0:100(100) <mss 1000,FO 0123456789abcdef>");
  const segment_text answer = says_what();
  EXPECT_EQ(answer.acknowledgment, 1U);
  EXPECT_EQ(cookie_in(answer), good);
  EXPECT_EQ(listening->waiting(), 0U);
  EXPECT_EQ(counters().fast_open_refused, 1U);
}

TEST_F(tcp_fast_open_server, knows_a_cookie_for_a_while_and_renews_it) {
  serves();
  const std::string first = cookie();
  passes(1h);
  hears("S 0:100(100) <mss 1000," + first + ">", 1);
  const segment_text answer = says_what();
  EXPECT_EQ(answer.acknowledgment, 101U);
  EXPECT_NE(cookie_in(answer), "");
  EXPECT_NE(cookie_in(answer), first);
  passes(1h);
  says_all();
  hears("S 0:100(100) <mss 1000," + first + ">", 2);
  says("S. 0:0(0) ack 1", 2);
}

TEST_F(tcp_fast_open_server, binds_a_cookie_to_an_address) {
  serves();
  const std::string ours = cookie();
  from_address = ip_address::v4(10, 0, 0, 3);
  hears("S 0:100(100) <mss 1000," + ours + ">");
  EXPECT_EQ(says_what().acknowledgment, 1U);
}

TEST_F(tcp_fast_open_server, serves_only_so_many_early) {
  serves(2);
  const std::string mine = cookie();
  for (std::uint16_t from = 1; from <= 3; ++from) {
    hears("S 0:100(100) <mss 1000," + mine + ">", from);
  }
  EXPECT_EQ(listening->waiting(), 2U);
  EXPECT_EQ(counters().fast_open_full, 1U);
  says("S. 0:0(0) ack 101", 1);
  says("S. 0:0(0) ack 101", 2);
  says("S. 0:0(0) ack 1", 3);  // not of the data
  hears(". 101:101(0) ack 1", 1);
  says_all();
  hears("S 0:100(100) <mss 1000," + mine + ">", 4);
  EXPECT_EQ(listening->waiting(), 3U);
}

TEST_F(tcp_fast_open_server, counts_resets_for_a_minute) {
  serves(1);
  const std::string mine = cookie();
  hears("S 0:100(100) <mss 1000," + mine + ">", 1);
  hears("R 101:101(0)", 1);
  hears("S 0:100(100) <mss 1000," + mine + ">", 2);
  EXPECT_EQ(counters().fast_open_full, 1U);
  passes(61s);
  hears("S 0:100(100) <mss 1000," + mine + ">", 3);
  EXPECT_EQ(counters().fast_open_full, 1U);
  EXPECT_EQ(counters().fast_opened, 2U);
  says_all();
}

TEST_F(tcp_fast_open_server, answers_a_syn_that_comes_again) {
  serves();
  const std::string mine = cookie();
  hears("S 0:100(100) <mss 1000," + mine + ">");
  says("S. 0:0(0) ack 101");
  hears("S 0:0(0) <mss 1000>");
  says("S. 0:0(0) ack 101");
  passes(1s);
  says("S. 0:0(0) ack 101");  // and by itself
}

TEST_F(tcp_fast_open_server, gives_up_a_client_that_never_answers) {
  serves();
  hears("S 0:100(100) <mss 1000," + cookie() + ">");
  accepts();
  passes(5min);
  says_all();
  EXPECT_EQ(us->state(), tcp_state::closed);
  EXPECT_EQ(us->error(), ETIMEDOUT);
}

TEST_F(tcp_fast_open_server, forgets_whom_it_served_when_it_closes) {
  serves();
  hears("S 0:100(100) <mss 1000," + cookie() + ">");
  accepts();
  listening->close();
  says("S. 0:0(0) ack 101");
  hears(". 101:101(0) ack 1");
  EXPECT_EQ(us->state(), tcp_state::established);
}

class tcp_fast_open_client : public tcp_conversation {
 protected:
  static constexpr std::string_view given = "FO 0123456789abcdef";

  /// The first connection to the server gets a cookie.
  void knows_the_server() {
    connects(true);
    EXPECT_FALSE(us->is_connected());
    says("S 0:0(0) <mss 1460,sackOK,wscale 3,FO>");
    passes(10ms);
    hears("S. 0:0(0) ack 1 <mss 1000," + std::string(given) + ">");
    says(". 1:1(0) ack 1");
    aborts();
    says("R. 1:1(0)");
  }
  void connects_again() {
    connects(true);
    EXPECT_TRUE(us->is_connected());
    says_nothing();
  }
  /// Its first bytes are those that the peer expects first.
  void begins(std::size_t count) {
    us->write(first_bytes(count));
    run();
  }
  static std::vector<std::byte> first_bytes(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i * 31 >> 4);
    return bytes;
  }
  const tcp_counters& counters() { return host().counters(); }
};

TEST_F(tcp_fast_open_client, sends_with_its_syn) {
  knows_the_server();
  connects_again();
  begins(100);
  says("S 0:100(100) <mss 1460,sackOK,wscale 3," + std::string(given) + ">");
  hears("S. 0:0(0) ack 101 <mss 1000>");
  says(". 101:101(0) ack 1");
  EXPECT_EQ(us->bytes_acknowledged(), 100U);
  EXPECT_EQ(us->send_queue(), 0U);
  EXPECT_EQ(counters().fast_opened, 1U);
}

TEST_F(tcp_fast_open_client, sends_no_more_than_fits_a_segment_of_the_server) {
  knows_the_server();
  connects_again();
  begins(1500);
  says("S 0:976(976)");  // 24 of the 1000 bytes are options
  hears("S. 0:0(0) ack 977 <mss 1000>");
  says("P. 977:1501(524) ack 1");
}

TEST_F(tcp_fast_open_client, sends_again_at_once_what_was_not_taken) {
  knows_the_server();
  connects_again();
  begins(100);
  says("S 0:100(100)");
  hears("S. 0:0(0) ack 1 <mss 1000>");
  says("P. 1:101(100) ack 1");
  EXPECT_EQ(counters().fast_open_refused, 1U);
  hears(". 1:1(0) ack 101");
  EXPECT_EQ(us->send_queue(), 0U);
}

TEST_F(tcp_fast_open_client, repeats_its_syn_without_data_and_cookie) {
  knows_the_server();
  connects_again();
  begins(100);
  says("S 0:100(100)");
  passes(1s);
  says("S 0:0(0) <mss 1460,sackOK,wscale 3>");
  hears("S. 0:0(0) ack 101 <mss 1000>");  // the first had come
  says(". 101:101(0) ack 1");
  EXPECT_EQ(us->send_queue(), 0U);
}

TEST_F(tcp_fast_open_client, does_without_where_data_is_lost_twice) {
  knows_the_server();
  for (int i = 0; i < 2; ++i) {
    connects_again();
    begins(100);
    says("S 0:100(100)");
    passes(1s);
    says("S 0:0(0)");
    hears("S. 0:0(0) ack 1 <mss 1000>");
    says("P. 1:101(100) ack 1");
    aborts();
    says_all();
  }
  connects(true);
  EXPECT_FALSE(us->is_connected());
  says("S 0:0(0) <mss 1460,sackOK,wscale 3,FO>");
  aborts();
  passes(241s);
  connects_again();
}

TEST_F(tcp_fast_open_client, begins_when_its_program_wants_to_read) {
  knows_the_server();
  connects_again();
  us->begin_early();
  says("S 0:0(0) <mss 1460,sackOK,wscale 3," + std::string(given) + ">");
  hears("S. 0:0(0) ack 1 <mss 1000>");
  says(". 1:1(0) ack 1");
}

TEST_F(tcp_fast_open_client, delivers_what_was_written_before_it_closed) {
  knows_the_server();
  connects_again();
  begins(100);
  closes();
  says("S 0:100(100)");
  hears("S. 0:0(0) ack 101 <mss 1000>");
  says("F. 101:101(0) ack 1");
}

TEST_F(tcp_fast_open_client, sends_nothing_if_there_is_nothing_to_say) {
  knows_the_server();
  connects_again();
  closes();
  says_nothing();
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_fast_open_client, is_refused_as_any_other) {
  knows_the_server();
  connects_again();
  begins(100);
  says("S 0:100(100)");
  hears("R. 0:0(0) ack 101");
  EXPECT_EQ(us->error(), ECONNREFUSED);
}

TEST_F(tcp_fast_open_client, sends_without_data_when_the_path_is_too_narrow) {
  knows_the_server();
  connects_again();
  begins(900);
  says("S 0:900(900)");
  hears_icmp(path_error::kind::too_big, 0, 600);
  says("S 0:0(0)");
}

TEST_F(tcp_fast_open_client, remembers_a_bound_of_servers) {
  fast_open_memory memory;
  const auto server = [](std::uint32_t number) {
    return ip_address::v4(10, 0, static_cast<std::uint8_t>(number >> 8),
                          static_cast<std::uint8_t>(number));
  };
  const std::array<std::byte, 8> bytes{};
  const fast_open_memory::ticket ticket{.cookie = *wire::tcp_fast_open_cookie::from(bytes)};
  for (std::uint32_t i = 0; i < 1000; ++i) {
    memory.learned(server(i), ticket);
    EXPECT_TRUE(memory.find(server(0), instant{})) << "it is in use";
  }
  EXPECT_EQ(memory.size(), fast_open_memory::most);
  EXPECT_FALSE(memory.find(server(500), instant{}));
  EXPECT_TRUE(memory.find(server(999), instant{}));
}

}  // namespace
}  // namespace pentad::native::test
