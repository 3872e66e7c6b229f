#include "pentad/stack/kernel/sock_diag.hpp"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

#include "pentad/stack/kernel/dump_reader.hpp"

namespace pentad::kernel {
namespace {

constexpr unsigned most_tries = 16;

// The twelve of <net/tcp_states.h>, without sockets that are bound and do nothing.
constexpr std::uint32_t all_states = 0x1ffe;

template <class Body>
struct request {
  nlmsghdr header{};
  Body body{};

  explicit request(std::uint32_t sequence) noexcept {
    header.nlmsg_len = sizeof *this;
    header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header.nlmsg_seq = sequence;
  }
};

struct dumped {
  std::vector<flow> flows;
  bool was_interrupted;
};

template <class Body, class Parse>
result<dumped> dump_once(netlink_port& port, const request<Body>& wanted, Parse parse) {
  if (const result<> sent = port.send(std::as_bytes(std::span(&wanted, 1))); !sent) {
    return failure(sent.error());
  }
  std::vector<flow> flows;
  dump_reader reader(wanted.header.nlmsg_seq);
  while (!reader.is_complete()) {
    const result<std::span<const std::byte>> datagram = port.receive();
    if (!datagram) return failure(datagram.error());
    const result<> read = reader.read(*datagram, [&](std::span<const std::byte> part) -> result<> {
      result<flow> made = parse(part);
      if (!made) return failure(made.error());
      flows.push_back(std::move(*made));
      return {};
    });
    if (!read) return failure(read.error());
  }
  return dumped{std::move(flows), reader.was_interrupted()};
}

template <class Body, class Parse>
result<std::vector<flow>> dump(netlink_port& port, const Body& body, Parse parse) {
  for (unsigned i = 1; i <= most_tries; ++i) {
    request<Body> wanted(i);
    wanted.body = body;
    result<dumped> made = dump_once(port, wanted, parse);
    if (!made) return failure(made.error());
    if (!made->was_interrupted) return std::move(made->flows);
  }
  return failure(std::errc::resource_unavailable_try_again);
}

}  // namespace

result<std::vector<flow>> dump_inet(netlink_port& port, ip_version version, inet_sockets which) {
  inet_diag_req_v2 body{};
  body.sdiag_family = version == ip_version::v4 ? AF_INET : AF_INET6;
  const bool is_raw = which.kind == flow_kind::raw;
  body.sdiag_protocol = is_raw ? std::uint8_t{IPPROTO_RAW} : std::to_underlying(which.protocol);
  body.idiag_ext = 1U << (INET_DIAG_INFO - 1);
  body.idiag_states = all_states;
  return dump(port, body,
              [&](std::span<const std::byte> part) { return parse_inet_diag(part, which); });
}

result<std::vector<flow>> dump_unix(netlink_port& port) {
  unix_diag_req body{};
  body.sdiag_family = AF_UNIX;
  body.udiag_states = all_states;
  body.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN;
  return dump(port, body, parse_unix_diag);
}

}  // namespace pentad::kernel
