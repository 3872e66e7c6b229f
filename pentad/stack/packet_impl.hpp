// What a stack provides for each packet socket: whole frames of its interfaces, as they come and go
// (packet(7)).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/filter_instruction.hpp"
#include "pentad/base/result.hpp"
#include "pentad/runtime/operation.hpp"
#include "pentad/stack/hop_times.hpp"
#include "pentad/stack/network_interface.hpp"

namespace pentad {

/// For `host::packets`. The filter is read when the socket opens.
struct packet_options {
  std::uint32_t interface = 0;                      ///< index; 0: all
  std::span<const filter_instruction> filter = {};  ///< empty: everything passes
  std::size_t ring_bytes = 4 << 20;                 ///< frames that wait; more are dropped
  bool promiscuous = false;                         ///< frames for other stations, too
};

enum class frame_way : std::uint8_t { incoming, outgoing };

struct received_frame {
  std::span<const std::byte> bytes{};  ///< the stack's; valid until the socket receives again
  std::size_t size = 0;                ///< on the wire; more than `bytes` when cut
  std::uint32_t interface = 0;         ///< index
  frame_way way = frame_way::incoming;
  link_type link = link_type::ethernet;
  wall_time time{};
};

struct packet_statistics {
  std::uint64_t received = 0;  ///< frames that passed the filter
  std::uint64_t dropped = 0;   ///< of these, for want of room
};

class receive_frame_operation;

class packet_impl {
 public:
  virtual bool start(receive_frame_operation&) = 0;
  virtual void stop(receive_frame_operation&) noexcept = 0;

  /// Sends a whole frame. Never waits: `no_buffer_space` or `resource_unavailable_try_again` when
  /// the interface takes no more now.
  virtual result<void> send(std::uint32_t interface, std::span<const std::byte> frame) = 0;

  /// Since the socket was opened.
  virtual result<packet_statistics> statistics() = 0;

  virtual void release() noexcept = 0;

 protected:
  ~packet_impl() = default;
};

/// The next frame.
class [[nodiscard]] receive_frame_operation final : public awaitable<receive_frame_operation> {
 public:
  receive_frame_operation(packet_impl* on, within limit) noexcept : awaitable(limit), impl(on) {}
  receive_frame_operation(const receive_frame_operation& other, within limit) noexcept
      : receive_frame_operation(other.impl, limit) {}

  bool start() { return impl->start(*this); }

  result<received_frame> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return frame;
  }

  packet_impl* impl;
  received_frame frame;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

}  // namespace pentad
