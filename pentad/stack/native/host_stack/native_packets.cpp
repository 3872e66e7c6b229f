#include "pentad/stack/native/host_stack/native_packets.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/wire/ethernet.hpp"

namespace pentad::native {
namespace {

constexpr std::size_t link_header = wire::ethernet_header::size();

// The loopback has no header of a link. As on Linux, programs see one without addresses.
std::array<std::byte, link_header> loopback_header(const packet& passing) noexcept {
  std::array<std::byte, link_header> header;
  const bool is_v4 = passing.size() != 0 && (passing.bytes()[0] >> 4) == std::byte{4};
  wire::ethernet_header{{}, {}, is_v4 ? wire::ethertype::ipv4 : wire::ethertype::ipv6}.emit(header);
  return header;
}

}  // namespace

native_packets::native_packets(native_stack& stack, const packet_options& options,
                               packet_filter filter)
    : stack_(stack),
      interface_(options.interface),
      promiscuous_(options.promiscuous),
      filter_(std::move(filter)),
      ring_(options.ring_bytes) {
  stack.add_listener(*this);
}

result<owned_impl<packet_impl>> native_packets::open(native_stack& stack,
                                                     const packet_options& options) {
  if (options.interface != 0 && !stack.core_index(options.interface)) {
    return failure(std::errc::no_such_device);
  }
  packet_filter filter;
  if (!options.filter.empty()) {
    result<packet_filter> admitted =
        packet_filter::admit({options.filter.begin(), options.filter.end()});
    if (!admitted) return failure(admitted.error());
    filter = std::move(*admitted);
  }
  return owned_impl<packet_impl>(new native_packets(stack, options, std::move(filter)));
}

void native_packets::see(std::uint32_t core_index, frame_way way, const packet& frame) {
  const std::uint32_t number = interface_number(core_index);
  if (interface_ != 0 && interface_ != number) return;
  if (core_index == interface::loopback_index) {
    return keep(number, way, loopback_header(frame), frame.bytes());
  }
  if (!promiscuous_ && way == frame_way::incoming) {
    const auto header = wire::ethernet_view::parse(frame.bytes());
    if (!header) return;
    const mac_address to = header->destination();
    const interface& on = *stack_.network().interfaces().find(core_index);
    if (!to.is_multicast() && to != on.mac()) return;
  }
  keep(number, way, {}, frame.bytes());
}

void native_packets::keep(std::uint32_t number, frame_way way, std::span<const std::byte> head,
                          std::span<const std::byte> body) {
  const packet_filter::about_frame about{.is_outgoing = way == frame_way::outgoing,
                                         .interface = number};
  std::size_t wanted = 0;
  if (head.empty()) {
    wanted = filter_.run(body, about);
  } else {
    std::vector<std::byte> whole(head.begin(), head.end());
    whole.insert(whole.end(), body.begin(), body.end());
    wanted = filter_.run(whole, about);
  }
  if (wanted == 0) return;
  ++counted_.received;
  const std::size_t size = head.size() + body.size();
  const received_frame frame{.size = size,
                             .interface = number,
                             .way = way,
                             .link = link_type::ethernet,
                             .time = stack_.tracer().now()};
  if (!ring_.push(frame, head, body, std::min(size, wanted))) {
    ++counted_.dropped;
    return;
  }
  if (waiting_ == nullptr) return;
  ring_.pop(waiting_->frame);
  std::exchange(waiting_, nullptr)->end();
}

bool native_packets::start(receive_frame_operation& operation) {
  if (waiting_ != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  if (ring_.pop(operation.frame)) return true;
  waiting_ = &operation;
  return false;
}

void native_packets::stop(receive_frame_operation& operation) noexcept {
  waiting_ = nullptr;
  operation.error = operation.stop_error();
  operation.end();
}

result<void> native_packets::send(std::uint32_t number, std::span<const std::byte> frame) {
  const auto index = stack_.core_index(number);
  if (!index) return failure(std::errc::no_such_device);
  if (*index == interface::loopback_index) return failure(std::errc::operation_not_supported);
  interface& out = *stack_.network().interfaces().find(*index);
  if (frame.size() < link_header) return failure(std::errc::invalid_argument);
  if (frame.size() > out.mtu() + link_header) return failure(std::errc::message_size);
  packet made = stack_.network().packets().take(frame.size());
  if (!made) return failure(std::errc::no_buffer_space);
  made.append(frame);
  const result<void> sent = out.transmit(std::move(made));
  stack_.schedule();
  return sent;
}

void native_packets::release() noexcept {
  stack_.remove_listener(*this);
  if (receive_frame_operation* waiting = std::exchange(waiting_, nullptr)) {
    waiting->error = ECANCELED;
    waiting->end();
  }
  delete this;
}

}  // namespace pentad::native
