// The test suite to which the conformance tests of datagram sockets belong, and what they share.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "pentad/runtime/when.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

class datagram : public on_each_stack {
 protected:
  datagram_socket server_socket(ip_version version = ip_version::v4,
                                const datagram_options& options = {}) {
    return must(server().datagram(stack().server_endpoint(version), options));
  }

  datagram_socket client_socket(ip_version version = ip_version::v4,
                                const datagram_options& options = {}) {
    return must(client().datagram(endpoint(stack().client_address(version, 0), 0), options));
  }

  /// The versions of IP that this stack has.
  std::vector<ip_version> versions() {
    std::vector<ip_version> all{ip_version::v4};
    if (stack().has(ip_version::v6)) all.push_back(ip_version::v6);
    return all;
  }
};

inline endpoint local_of(const datagram_socket& socket) { return must(socket.local()).ip(); }

inline std::span<const std::byte> as_datagram(std::string_view text) {
  return std::as_bytes(std::span(text));
}

inline std::string as_text(const received_datagram& received) {
  return {reinterpret_cast<const char*>(received.bytes.data()), received.bytes.size()};
}

/// The text of the next datagram.
inline task<std::string> receive_datagram_text(datagram_socket& from) {
  std::array<std::byte, 2048> buffer;
  const received_datagram received = must(co_await from.receive(buffer).timeout(10s));
  co_return as_text(received);
}

}  // namespace pentad::test
