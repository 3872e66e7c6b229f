// What can be set about a messaging server: its name, where it listens, its limits, its operators.
// Read from a TOML file; everything has a default that holds on the open internet.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/irc/message.hpp"
#include "pentad/base/ip_network.hpp"

namespace pentad::messenger {

/// Bounds on what one client may take. Lengths are in bytes of UTF-8.
struct limits {
  std::size_t clients = 10'000;               ///< connections at once
  std::size_t clients_per_address = 10;       ///< of an IPv4 address or an IPv6 network of 64 bits
  std::uint32_t connection_burst = 20;        ///< new ones of such an address at once, then
  std::uint32_t connections_per_minute = 20;  ///< 0: as many as come
  std::size_t channels_per_client = 50;
  irc::length_limits line = irc::from_client;
  std::size_t nick_length = 30;
  std::size_t channel_length = 64;
  std::size_t topic_length = 390;
  std::size_t send_queue = 1'048'576;  ///< bytes that wait for a client to read them
  std::chrono::seconds registration_timeout{30};
  std::chrono::seconds ping_timeout{120};  ///< of silence; a PING goes out at half of it
  std::uint32_t message_burst = 5;         ///< lines at once, then
  std::uint32_t messages_per_second = 2;   ///< 0: as many as come
  std::uint32_t nick_burst = 5;            ///< changes of the nick at once, then
  std::uint32_t nicks_per_minute = 3;      ///< 0: as many as come
  std::size_t bans = 10'000;               ///< K-lines

  // Not to be set: what the protocol and its clients are used to.
  static constexpr std::size_t user_length = 18;
  static constexpr std::size_t real_name_length = 150;
  static constexpr std::size_t key_length = 23;
  static constexpr std::size_t targets = 4;          ///< of one message
  static constexpr std::size_t variable_modes = 12;  ///< of one MODE command
  static constexpr std::size_t who_replies = 200;    ///< to WHO with a mask
  static constexpr std::size_t away_length = 200;
  static constexpr std::size_t kick_length = 300;  ///< and of other reasons
  static constexpr std::size_t host_length = 63;
  static constexpr std::size_t mask_length = 128;
  static constexpr std::size_t masks = 100;           ///< in the lists of a channel together
  static constexpr std::size_t monitored = 100;       ///< nicks, by one client
  static constexpr std::size_t invitations = 20;      ///< that wait for one client
  static constexpr std::size_t past_nicks = 1000;     ///< that WHOWAS knows
  static constexpr std::size_t past_messages = 4096;  ///< that can be redacted
  static constexpr std::size_t userhost_replies = 5;  ///< of one USERHOST command
  static constexpr std::size_t label_length = 64;     ///< IRCv3 "Labeled Responses"
};

/// Somebody who may become an operator of the server.
struct operator_login {
  std::string name;
  std::string password;
  std::string host = "*@*";  ///< a mask of `user@host` that they come from
};

/// Hosts that bring clients of their own and say where those come from (WEBIRC).
struct gateway {
  std::string password;
  std::vector<ip_network> networks;
};

struct configuration {
  std::string name = "pentad.local";  ///< of the server, with a dot
  std::string network = "Pentad";
  std::string description = "A Pentad messaging server";
  std::string password;            ///< that clients must give; empty: none
  std::vector<std::string> motd;   ///< the message of the day, line by line
  std::vector<std::string> admin;  ///< who runs it: place, organisation, address
  std::vector<operator_login> operators;
  std::vector<gateway> gateways;
  std::vector<std::string> listen{"127.0.0.1:6667"};  ///< `HOST:PORT`, port 0 for any
  limits limit;

  /// Networks for whose clients neither rates nor numbers per address hold.
  std::vector<ip_network> exempt{ip_network::around(ip_address::v4(127, 0, 0, 0), 8),
                                 ip_network::around(ip_address::loopback(ip_version::v6), 128)};

  std::string channel_modes = "nt";  ///< of a new channel

  bool cloak = true;           ///< others see a hash of an address, those of loopback excepted
  std::string cloak_key;       ///< empty: that of the file, else another one at each start
  std::string cloak_key_file;  ///< made when it is not there
  std::string bans_file;       ///< where K-lines are kept; empty: they end with the process
  std::string log_file;        ///< one JSON object a line; empty: none
  std::string audit_file;      ///< the same, of what operators do; empty: none
};

struct configuration_error {
  std::string file;
  std::uint32_t line = 0;  ///< 0: the file as a whole
  std::uint32_t column = 0;
  std::string reason;
};

/// `FILE:LINE:COLUMN: REASON`
std::string to_string(const configuration_error& error);

/// Reads the text of a configuration file; `file` is for messages. Unknown keys, wrong types and
/// values that make no sense are errors.
std::expected<configuration, configuration_error> parse_configuration(std::string_view text,
                                                                      std::string_view file);

/// Reads the file itself.
std::expected<configuration, configuration_error> load_configuration(const std::string& file);

/// What differs between two configurations, a line each: `limits.clients: 10000 -> 5`. Secrets are
/// named and not shown.
std::vector<std::string> changes_between(const configuration& before, const configuration& after);

/// Puts back into `after` what only a start can change: the server's name, where it listens, its
/// files.
void keep_until_restart(const configuration& before, configuration& after);

}  // namespace pentad::messenger
