// A script as values: what the parser makes of the text, and what a run goes through.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/tcp_flags.hpp"
#include "pentad/wire/tcp_option_kind.hpp"

namespace pentad::packet_scripts {

/// Where something stands in a script; both count from 1.
struct position {
  unsigned line = 1;
  unsigned column = 1;
};

/// The text is no script.
struct malformed : std::runtime_error {
  malformed(position where, const std::string& what) : std::runtime_error(what), at(where) {}
  position at;
};

/// The script asks for what the stack or this program does not have.
struct unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// When an event happens, or between which moments.
struct event_time {
  enum class kind : std::uint8_t {
    absolute,  ///< since the script began
    relative,  ///< since the event before
    any,       ///< `*`: whenever
  };
  kind what = kind::relative;
  duration from{};
  std::optional<duration> to;  ///< of a range, `from ~ to`; counts as `from` does
};

/// An argument of a system call, or a part of one.
struct expression {
  enum class kind : std::uint8_t {
    any,        ///< `...`
    integer,    ///< `number`
    word,       ///< a symbol: `text`
    text,       ///< a string: `text`
    list,       ///< `[...]`: `parts`
    structure,  ///< `{...}`: `parts`, which are fields or plain expressions
    field,      ///< `text = parts[0]`, or `text(parts[1]) = parts[0]`
    call,       ///< `text(parts...)`
    either,     ///< `parts[0] | parts[1] | ...`
  };
  kind what = kind::any;
  std::int64_t number = 0;
  std::string text;
  std::vector<expression> parts;
  position at;

  bool is(kind asked) const noexcept { return what == asked; }
  /// The value of a field of this structure; null if it has none of that name.
  const expression* field(std::string_view name) const noexcept {
    for (const expression& each : parts) {
      if (each.is(kind::field) && each.text == name) return each.parts.data();
    }
    return nullptr;
  }
};

/// What is asked of the two ECN bits, or of the whole traffic class.
struct traffic_class_mark {
  enum class kind : std::uint8_t { ecn, any_capable, whole };
  kind what = kind::ecn;
  std::uint8_t bits = 0;
};

struct port_pair {
  std::uint16_t source = 0;
  std::uint16_t destination = 0;
};

struct tcp_option {
  /// Of experimental ones, only fast open with its number is known.
  using kind = wire::tcp_option_kind;

  kind what = kind::no_operation;
  std::vector<std::uint32_t> numbers;  ///< the size, the shift, two timestamps, edges of blocks
  std::vector<std::byte> bytes;        ///< of a cookie
  bool is_good_cookie = false;         ///< `TFO_COOKIE`: the one that the host gives its peer

  friend bool operator==(const tcp_option&, const tcp_option&) = default;
};

struct tcp_packet {
  std::optional<traffic_class_mark> mark;
  std::optional<port_pair> ports;
  wire::tcp_flags flags;
  std::uint32_t first = 0;  ///< the sequence number
  std::uint16_t size = 0;   ///< bytes of payload
  std::uint32_t acknowledgment = 0;
  std::optional<std::uint16_t> window;
  std::uint16_t urgent_pointer = 0;
  std::optional<std::vector<tcp_option>> options;  ///< none: `<...>`, whatever they are
};

struct udp_packet {
  std::optional<port_pair> ports;
  std::uint16_t size = 0;  ///< bytes of payload
};

/// An ICMP error about a packet that came the other way.
struct icmp_packet {
  std::string type;
  std::string code;
  std::uint32_t mtu = 0;
  bool quotes_udp = false;
  std::uint32_t quoted_first = 0;
  std::uint16_t quoted_size = 0;
};

struct packet_event {
  bool is_sent = false;  ///< `>`: by the host under test; else it arrives there
  std::variant<tcp_packet, udp_packet, icmp_packet> packet;
};

struct system_call {
  std::optional<duration> until;  ///< it blocks, and ends then; counts as the event's time does
  std::string name;
  std::vector<expression> arguments;
  expression returns;
  std::string error;  ///< the name of errno; empty: none
};

/// A line for the shell.
struct command {
  std::string text;
};

/// Python.
struct code {
  std::string text;
};

struct event {
  position at;
  event_time when;
  std::variant<packet_event, system_call, command, code> what;
};

struct script_option {
  std::string name;
  std::string value;
  position at;
};

struct script {
  std::vector<script_option> options;
  std::vector<event> events;
};

}  // namespace pentad::packet_scripts
