// A packet socket of Pentad's own stack: sees the frames of its cards, as they come and go, and the
// packets of its loopback.
#pragma once

#include "pentad/nic/packet.hpp"
#include "pentad/nic/packet_filter.hpp"
#include "pentad/stack/native/host_stack/frame_ring.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::native {

class native_stack;

class native_packets final : public packet_impl {
 public:
  /// Errors: `no_such_device`, `invalid_argument` for a filter that is none.
  static result<owned_impl<packet_impl>> open(native_stack& stack, const packet_options& options);

  /// A frame passes; on the loopback, a packet of IP.
  void see(std::uint32_t core_index, frame_way way, const packet& frame);

  bool start(receive_frame_operation& operation) override;
  void stop(receive_frame_operation& operation) noexcept override;
  result<void> send(std::uint32_t interface, std::span<const std::byte> frame) override;
  result<packet_statistics> statistics() override { return counted_; }
  void release() noexcept override;

 private:
  native_packets(native_stack& stack, const packet_options& options, packet_filter filter);
  ~native_packets() = default;

  void keep(std::uint32_t number, frame_way way, std::span<const std::byte> head,
            std::span<const std::byte> body);

  native_stack& stack_;
  std::uint32_t interface_;  // number; 0: all
  bool promiscuous_;
  packet_filter filter_;
  frame_ring ring_;
  receive_frame_operation* waiting_ = nullptr;
  packet_statistics counted_;
};

}  // namespace pentad::native
