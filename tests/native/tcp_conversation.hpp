// One TCP of Pentad in conversation with a peer that the test imagines, segment by segment, on
// virtual time. The numbers of both wrap around soon after their SYN.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "tests/native/segment_text.hpp"

namespace pentad::native::test {

using namespace std::chrono_literals;

inline constexpr ip_address our_address = ip_address::v4(10, 0, 0, 1);
inline constexpr ip_address peer_address = ip_address::v4(10, 0, 0, 2);
inline constexpr std::uint16_t our_port = 8080;
inline constexpr std::uint16_t peer_port = 9090;

/// Segments are those of `segment_text`. Timestamps are off, buffers are not tuned, and invalid
/// segments are answered as often as they come, unless a test sets it otherwise.
class tcp_conversation : public testing::Test, private network_layer {
 protected:
  tcp_conversation();
  ~tcp_conversation() override;

  // What the program does.

  /// From our port to the peer's; `us` is the connection.
  void connects(bool fast_open = false);
  void listens(unsigned backlog = 16);
  /// `us` is the connection that has waited longest.
  void accepts();
  void writes(std::size_t count);
  void reads(std::size_t count);
  /// Lets go of `us`.
  void closes() { release(false); }
  void aborts() { release(true); }

  /// A connection that the program has opened, with a round trip of 100 ms; the peer's SYN has
  /// these options and this window.
  void is_connected(std::string_view options = "<mss 1460>", std::uint32_t window = 65535);
  /// One that the peer has opened.
  void is_accepted(std::string_view options = "<mss 1460>", std::uint32_t window = 65535);

  // What passes on the wire.

  void hears(std::string_view segment, std::uint16_t from = peer_port);
  /// `count` of them, each of that many bytes, that a NIC's batch had in a row.
  void hears_row(std::string_view first, std::size_t count);
  /// The next segment that is sent, to that port.
  void says(std::string_view segment, std::uint16_t to = peer_port);
  /// The same, and what its timestamps are.
  wire::tcp_timestamps says_with_timestamps(std::string_view segment);
  /// The next segment, whatever it is.
  segment_text says_what();
  /// The number of our last SYN in this conversation, as it is on the wire.
  std::uint32_t our_syn_number() const { return *conversations_.at(peer_port).ours; }
  /// All that is sent and was not looked at.
  std::vector<segment_text> says_all();
  void says_nothing();
  /// A router answers to the packet that carried the number `quoted`.
  void hears_icmp(path_error::kind what, std::uint32_t quoted, std::uint32_t mtu = 0);

  /// Time goes by, and what is due happens.
  void passes(duration time);

  /// Sends what there is to send.
  void run();

  tcp& host();
  std::size_t connections() { return host().size(); }

  tcp_settings settings;
  connection* us = nullptr;
  listener* listening = nullptr;
  instant now{1s};
  ip_address from_address = peer_address;  ///< of what is heard
  std::uint32_t mtu = 1500;
  bool takes_rows = false;  ///< the network, of packets that others follow
  packet_pool packets;
  timer_queue timers;

 private:
  // What is known of the numbers of one conversation.
  struct numbers {
    std::optional<std::uint32_t> ours;  // of our SYN
    std::uint32_t peer_next = 0;        // what the peer says next, from its SYN on
  };
  struct said {
    std::uint16_t to;
    segment_text text;
    std::vector<std::byte> payload;
  };

  packet heard(const segment_text& text, std::uint16_t from);
  void receive(packet segment, const segment_text& text);
  void release(bool reset);
  void begin_near_the_end_of_the_numbers();

  result<path> find_path(const ip_address& destination, const ip_address& source) override;
  bool is_local(const ip_address& address) const noexcept override {
    return address == our_address;
  }
  std::uint32_t lower_path_mtu(const ip_address&, std::uint32_t lower) override {
    return mtu = std::min(mtu, lower);
  }
  void send(outgoing_packet&& sent, instant time) override;

  std::map<std::uint16_t, numbers> conversations_;
  std::deque<said> sent_;
  std::optional<tcp> tcp_;
  std::size_t written_ = 0;
  std::size_t read_ = 0;
};

}  // namespace pentad::native::test
