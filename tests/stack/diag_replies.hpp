// Answers of sock_diag(7) as the kernel would write them, for tests.
#pragma once

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "pentad/stack/kernel/netlink_socket.hpp"

namespace pentad::kernel::test {

using bytes = std::vector<std::byte>;

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

template <class Structure>
void append(bytes& to, const Structure& part) {
  const auto raw = std::as_bytes(std::span(&part, 1));
  to.insert(to.end(), raw.begin(), raw.end());
}

inline void append_padded(bytes& to, std::span<const std::byte> part) {
  to.insert(to.end(), part.begin(), part.end());
  to.resize((to.size() + 3) & ~std::size_t{3});
}

inline void append_attribute(bytes& to, std::uint16_t type, std::span<const std::byte> payload) {
  append(to, nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + payload.size()), type});
  append_padded(to, payload);
}

inline bytes message(std::uint16_t type, std::span<const std::byte> payload,
                     std::uint32_t sequence = 1, std::uint16_t flags = NLM_F_MULTI) {
  bytes made;
  append(made, nlmsghdr{static_cast<std::uint32_t>(sizeof(nlmsghdr) + payload.size()), type, flags,
                        sequence, 0});
  append_padded(made, payload);
  return made;
}

/// The end of a dump, or its end by an error.
inline bytes done(std::uint32_t sequence = 1, int error = 0, std::uint16_t flags = NLM_F_MULTI) {
  return message(NLMSG_DONE, std::as_bytes(std::span(&error, 1)), sequence, flags);
}

inline bytes refused(std::uint32_t sequence, int error) {
  bytes body;
  append(body, nlmsgerr{error, {}});
  return message(NLMSG_ERROR, body, sequence, 0);
}

inline bytes joined(std::initializer_list<bytes> parts) {
  bytes all;
  for (const bytes& each : parts) all.insert(all.end(), each.begin(), each.end());
  return all;
}

/// A TCP connection from 10.9.0.1:`port` to 10.9.0.2:80.
inline inet_diag_msg connection_v4(std::uint16_t port, std::uint8_t state = 1) {
  inet_diag_msg made{};
  made.idiag_family = AF_INET;
  made.idiag_state = state;
  made.id.idiag_sport = htons(port);
  made.id.idiag_dport = htons(80);
  made.id.idiag_src[0] = htonl(0x0a090001);
  made.id.idiag_dst[0] = htonl(0x0a090002);
  made.idiag_rqueue = 3;
  made.idiag_wqueue = 4;
  made.idiag_inode = 4711;
  return made;
}

/// Answers each request with the next of the scripts, whatever it asks.
class scripted_port final : public netlink_port {
 public:
  using script = std::vector<bytes>;
  explicit scripted_port(std::deque<script> scripts) : scripts_(std::move(scripts)) {}

  result<> send(std::span<const std::byte> request) override {
    requests.emplace_back(request.begin(), request.end());
    if (scripts_.empty()) return failure(std::errc::not_connected);
    now_ = std::move(scripts_.front());
    scripts_.pop_front();
    next_ = 0;
    return {};
  }

  result<std::span<const std::byte>> receive() override {
    if (next_ == now_.size()) return failure(std::errc::timed_out);
    return std::span<const std::byte>(now_[next_++]);
  }

  std::vector<bytes> requests;

 private:
  std::deque<script> scripts_;
  script now_;
  std::size_t next_ = 0;
};

}  // namespace pentad::kernel::test
