// A local port that a socket holds before it connects or listens.
#pragma once

#include <utility>

#include "pentad/stack/native/core/tcp/local_ports.hpp"

namespace pentad::native {

/// Move-only; gives the port back when it dies. Made by `tcp::bind`, which must outlive it. An
/// empty one holds nothing.
class held_port {
 public:
  held_port() = default;
  held_port(local_ports& ports, const port_holder& holder) : ports_(&ports), holder_(holder) {
    ports.hold(holder);
  }
  held_port(held_port&& other) noexcept
      : ports_(std::exchange(other.ports_, nullptr)), holder_(other.holder_) {}
  held_port& operator=(held_port&& other) noexcept {
    std::swap(ports_, other.ports_);
    std::swap(holder_, other.holder_);
    return *this;
  }
  ~held_port() {
    if (ports_ != nullptr) ports_->release(holder_);
  }

  const endpoint& local() const noexcept { return holder_.local; }
  bool v6_only() const noexcept { return holder_.v6_only; }

 private:
  local_ports* ports_ = nullptr;
  port_holder holder_;
};

}  // namespace pentad::native
