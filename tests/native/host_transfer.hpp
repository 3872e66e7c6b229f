// Connections between two whole hosts, and bytes on their way over them.
#pragma once

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "tests/native/channel.hpp"
#include "tests/native/host_pair.hpp"

namespace pentad::native::test {

inline constexpr std::uint16_t service_port = 80;

inline listener& listen(host_pair& hosts, unsigned backlog = 16) {
  return **hosts.b.streams.listen(endpoint(ip_address::any(ip_version::v6), service_port), false,
                                  backlog, false, hosts.now);
}

/// From `hosts.a` to a listener of `hosts.b`.
inline channel connect(host_pair& hosts, listener& to, ip_version version = ip_version::v4,
                       duration most = 10min) {
  channel made;
  made.client =
      *hosts.a.streams.connect(endpoint(ip_address::any(version), 0),
                               endpoint(hosts.b.address(version), service_port), hosts.now);
  hosts.run(most, [&] {
    if (made.server == nullptr) made.server = to.accept();
    return (made.server != nullptr && made.client->is_connected()) || made.client->error() != 0;
  });
  return made;
}

inline std::vector<std::byte> random_bytes(std::size_t size) {
  std::mt19937_64 random(size);
  std::vector<std::byte> made(size);
  for (std::byte& each : made) each = static_cast<std::byte>(random());
  return made;
}

/// Bytes on their way from one end of a connection to the other. `step` moves what can be moved.
class transfer {
 public:
  transfer(connection& from, connection& to, std::vector<std::byte> data)
      : from_(from), to_(to), data_(std::move(data)) {}

  /// True when all has arrived, and the end, or when that cannot be any more.
  bool step() {
    written_ += from_.write(std::span(data_).subspan(written_));
    if (written_ == data_.size() && !from_.cannot_send()) from_.shutdown_send();
    std::array<std::byte, 16384> buffer;
    while (const std::size_t count = to_.read(buffer)) {
      const bool fits = count <= data_.size() - read_;
      right_ = right_ && fits &&
               std::equal(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count),
                          data_.begin() + static_cast<std::ptrdiff_t>(read_));
      if (!right_) return true;
      read_ += count;
    }
    return to_.at_end() || from_.error() != 0;
  }

  /// Whether every byte has arrived as it was sent.
  bool succeeded() const {
    return right_ && read_ == data_.size() && from_.error() == 0 && to_.error() == 0;
  }

 private:
  connection& from_;
  connection& to_;
  std::vector<std::byte> data_;
  std::size_t written_ = 0;
  std::size_t read_ = 0;
  bool right_ = true;
};

}  // namespace pentad::native::test
