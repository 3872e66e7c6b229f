// What is alive on a host: one socket or connection with its quintuple and how it is doing, as the
// stack that it belongs to knows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/base/five_tuple.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/stack/hop_times.hpp"
#include "pentad/stack/stream_info.hpp"

namespace pentad {

/// The kind of socket at the end of a flow, socket(2). `sequenced` keeps the borders of messages on
/// a connection (SOCK_SEQPACKET).
enum class flow_kind : unsigned char { stream, datagram, sequenced, raw };

/// The states of TCP (RFC 9293, section 3.3.2); of other flows `listen`, `established` with a peer,
/// or `unconnected`.
enum class flow_state : unsigned char {
  listen,
  syn_sent,
  syn_received,
  established,
  fin_wait_1,
  fin_wait_2,
  close_wait,
  closing,
  last_ack,
  time_wait,
  closed,
  unconnected,
};

/// Whose flow it is: Linux's, or that of a program on Pentad's own stack.
enum class flow_stack : unsigned char { kernel, native };

// In lower case, `fin-wait-1`; nothing for text that names none.

[[nodiscard]] std::string_view name_of(flow_kind kind) noexcept;
[[nodiscard]] std::string_view name_of(flow_state state) noexcept;
[[nodiscard]] std::string_view name_of(flow_stack stack) noexcept;
[[nodiscard]] std::optional<flow_kind> parse_flow_kind(std::string_view text) noexcept;
[[nodiscard]] std::optional<flow_state> parse_flow_state(std::string_view text) noexcept;
[[nodiscard]] std::optional<flow_stack> parse_flow_stack(std::string_view text) noexcept;

/// A process that holds a socket.
struct flow_process {
  std::int32_t id = 0;
  std::string name;  ///< any bytes, /proc/PID/comm of proc(5)

  friend bool operator==(const flow_process&, const flow_process&) = default;
};

/// How long the last message each way took from hop to hop on this host; empty without path
/// tracing, and of Linux's flows.
struct flow_hops {
  std::optional<duration> socket_to_stack;
  std::optional<duration> stack_to_nic;
  std::optional<duration> nic_to_stack;
  std::optional<duration> stack_to_program;

  [[nodiscard]] bool any() const noexcept { return socket_to_stack || nic_to_stack; }
  friend bool operator==(const flow_hops&, const flow_hops&) = default;
};

/// `sent` and `received` are of two messages.
[[nodiscard]] flow_hops hops_of(const hop_times& sent, const hop_times& received) noexcept;

/// A snapshot. What the stack does not know, or may not tell, is empty.
struct flow {
  flow_kind kind = flow_kind::stream;
  std::optional<ip_protocol> protocol;   ///< of IP; none for a Unix socket
  socket_address local;                  ///< its port is the identifier of a socket that pings
  std::optional<socket_address> remote;  ///< none without a peer
  flow_state state = flow_state::unconnected;

  /// Flows that are not TCP know their queues alone. Those of datagrams count the memory that
  /// waits, which is more than its bytes.
  stream_info info;
  flow_hops hops;

  std::optional<std::uint32_t> waiting;  ///< connections that a listener has not accepted yet
  std::optional<std::uint32_t> backlog;  ///< how many may wait

  std::optional<std::uint32_t> interface;   ///< index of the one that it is bound to
  std::vector<flow_process> processes;      ///< several may hold one socket
  std::optional<std::uint64_t> inode;       ///< of the socket, on Linux
  std::optional<std::uint64_t> peer_inode;  ///< of the Unix socket at the other end
  flow_stack stack = flow_stack::kernel;

  /// Its five values, the remote ones unspecified without a peer; none for a Unix socket.
  [[nodiscard]] std::optional<five_tuple> tuple() const;
};

/// One object on one line: `{"stack":"kernel","kind":"stream","protocol":"tcp","local":{...},...}`.
/// What is empty is left out, but `remote`, of which an IP flow without a peer has the unspecified
/// one. The end of a Unix socket is `{"path":"..."}`, times are in nanoseconds.
[[nodiscard]] std::string to_json(const flow& x);

}  // namespace pentad
