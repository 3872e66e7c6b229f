// Both ends of a connection, and bytes to send over it.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/runtime/when.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

class stream_pair {
 public:
  stream_pair(stream_socket accepted, stream_socket connected)
      : server(std::move(accepted)), client(std::move(connected)) {}

  stream_socket server;
  stream_socket client;
};

/// A connection between the two hosts.
inline task<stream_pair> connect_pair(stack_under_test& on, ip_version version = ip_version::v4,
                                      listen_options listening = {},
                                      connect_options connecting = {}) {
  stream_listener listener = must(on.server().listen(on.server_endpoint(version), listening));
  const socket_address where = must(listener.local());
  auto both = co_await when_all(on.client().connect(where, connecting), listener.accept());
  co_return stream_pair(must(std::move(both.get<1>())), must(std::move(both.get<0>())));
}

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The byte at `offset` of an endless stream in which a shift, a swap and a repeat are all seen.
constexpr std::byte pattern_at(std::uint64_t offset) {
  return static_cast<std::byte>((offset * 0x9e3779b97f4a7c15U) >> 56);
}

/// `size` bytes of that stream from `offset` on.
inline std::vector<std::byte> pattern(std::size_t size, std::uint64_t offset = 0) {
  std::vector<std::byte> made(size);
  for (std::size_t i = 0; i < size; ++i) made[i] = pattern_at(offset + i);
  return made;
}

inline bool is_pattern(std::span<const std::byte> bytes, std::uint64_t offset) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != pattern_at(offset + i)) return false;
  }
  return true;
}

/// Receives `size` bytes, or fewer if the peer ends.
inline task<std::vector<std::byte>> receive_exactly(stream_socket& from, std::size_t size) {
  std::vector<std::byte> got(size);
  std::size_t count = 0;
  while (count < size) {
    const std::size_t more = must(co_await from.receive(std::span(got).subspan(count)));
    if (more == 0) break;
    count += more;
  }
  got.resize(count);
  co_return got;
}

inline task<std::string> receive_text(stream_socket& from, std::size_t size) {
  const std::vector<std::byte> got = co_await receive_exactly(from, size);
  co_return text_of(got);
}

/// Receives until the peer ends: how many bytes of the pattern, from its start, came unchanged.
inline task<std::uint64_t> receive_pattern(stream_socket& from) {
  std::vector<std::byte> buffer(64 * 1024);
  std::uint64_t count = 0;
  for (;;) {
    const std::size_t got = must(co_await from.receive(buffer));
    if (got == 0) co_return count;
    if (!is_pattern(std::span(buffer).first(got), count)) {
      ADD_FAILURE() << "wrong bytes after " << count;
      co_return count;
    }
    count += got;
  }
}

inline task<> send_pattern(stream_socket& to, std::uint64_t size) {
  for (std::uint64_t sent = 0; sent < size;) {
    const std::vector<std::byte> part =
        pattern(static_cast<std::size_t>(std::min<std::uint64_t>(size - sent, 1 << 20)), sent);
    must(co_await to.send(part));
    sent += part.size();
  }
  must(to.shutdown(direction::send));
}

/// Waits until `size` bytes wait in `at` to be received.
inline task<> arrival(stream_socket& at, std::uint64_t size) {
  while (at.info().receive_queue.value_or(size) < size) must(co_await sleep(10us));
}

}  // namespace pentad::test
