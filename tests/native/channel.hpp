// Both ends of a connection, in one test.
#pragma once

#include <utility>

#include "pentad/stack/native/core/tcp/connection.hpp"

namespace pentad::native::test {

/// The test holds them; what it has not let go is reset in the end.
struct channel {
  channel() = default;
  channel(channel&& other) noexcept
      : client(std::exchange(other.client, nullptr)),
        server(std::exchange(other.server, nullptr)) {}
  channel& operator=(channel&& other) noexcept {
    std::swap(client, other.client);
    std::swap(server, other.server);
    return *this;
  }
  ~channel() {
    if (client != nullptr) client->release(true);
    if (server != nullptr) server->release(true);
  }

  connection* client = nullptr;
  connection* server = nullptr;
};

}  // namespace pentad::native::test
