// Pentad's own TCP/IP stack as the stack of a host: joins one core to NICs and a loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/nic/nic.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/event_loop.hpp"
#include "pentad/stack/native/core/core.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "pentad/stack/native/host_stack/native_interfaces.hpp"
#include "pentad/stack/native/host_stack/packet_loans.hpp"
#include "pentad/stack/native/host_stack/path_tracer.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::native {

class native_packets;

class native_stack final : public stack, private passage_observer {
 public:
  /// `packets` must outlive the stack; `configured.seed` is secret.
  native_stack(event_loop& loop, packet_pool& packets, const core_settings& configured,
               const tcp_settings& configured_tcp = {});
  ~native_stack() override;

  /// Joins a network card, which must outlive the stack, with the addresses and gateways that
  /// `configured` has; the rest of it comes from the card. Programs know it by `name`, which is
  /// `eth0`, `eth1` and so on if it is left empty. Throws `std::invalid_argument` for what cannot
  /// be.
  void add(nic& card, interface_settings configured, std::string name = {});

  result<owned_impl<unconnected_impl>> open_stream(address_family family,
                                                   const stream_options& options) override;
  result<owned_impl<datagram_impl>> open_datagram(address_family family,
                                                  const datagram_options& options) override;
  result<owned_impl<datagram_impl>> open_raw(ip_version version, ip_protocol protocol,
                                             const raw_options& options) override;
  result<owned_impl<packet_impl>> open_packets(const packet_options& options) override;
  result<std::vector<network_interface>> interfaces() override;

  bool is_settled() const noexcept override;

  result<std::vector<flow>> flows() override;

  core& network() noexcept { return core_; }

  /// Set when something has changed of what DHCP servers and routers have told.
  event& configured() noexcept { return configured_; }
  /// See `core::release_leases`.
  bool release_leases();
  tcp& streams() noexcept { return tcp_; }

  // For the sockets of this stack.

  instant now() { return loop_.now(); }

  /// Something is to be sent, or was read: the stack works before the loop waits.
  void schedule() noexcept;

  packet_loans& loans() noexcept { return loans_; }

  path_tracer& tracer() noexcept { return tracer_; }
  /// Something is traced now, or is not any more.
  void observe_as_needed() noexcept;

  /// The index in the core of an interface that programs know by its name, or by its number.
  std::optional<std::uint32_t> find_interface(std::string_view name) const noexcept;
  std::optional<std::uint32_t> core_index(std::uint32_t number) const noexcept;

  /// From now on `heard` gets all frames.
  void add_listener(native_packets& heard);
  void remove_listener(native_packets& heard) noexcept;
  /// Shows frames to those who want to see all.
  void show(std::uint32_t core_index, frame_way way, std::span<const packet> frames);

 private:
  class card_slot;

  // Runs in two steps, so that what programs answer to what came in goes out with the
  // acknowledgement of it: take in, let programs run, send.
  class step final : public ready_node {
   public:
    step(native_stack& of, void (native_stack::*what)()) noexcept;
    void push() noexcept;
    /// Who asks for it from here on gets it when it is released, which queues it anyway.
    void hold() noexcept { is_held_ = !std::exchange(pushed_, true); }
    void release() noexcept;

   private:
    native_stack& stack_;
    void (native_stack::*work_)();
    bool pushed_ = false;
    bool is_held_ = false;
  };

  void scheduled(std::uint64_t sender) override;
  void turned(packet& passing, bool is_copy) override;
  void queued(packet& arrived) override;

  void note_arrival(std::uint32_t core_index, std::span<packet> frames);
  void take_in();
  void send_out();
  void tell_programs();
  void arm() noexcept;

  static constexpr std::size_t batch = 64;
  // Of long frames fewer are sent at once, so that the caches hold them until they have arrived.
  static constexpr std::size_t batch_bytes = std::size_t{128} << 10;

  event_loop& loop_;
  core core_;
  packet_loans loans_;
  tcp tcp_;
  path_tracer tracer_;
  std::vector<std::string> names_ = {"lo"};  // of interfaces, at the place of their index
  std::vector<native_packets*> listeners_;
  std::vector<std::unique_ptr<card_slot>> cards_;
  event configured_;
  std::uint64_t configurations_ = 0;  // that `configured_` was set for
  step in_;
  step out_;
  struct deadline final : timer_node {
    native_stack* stack = nullptr;
  } timer_;
};

}  // namespace pentad::native
