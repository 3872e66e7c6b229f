#include "pentad/stack/native/core/port_sending.hpp"

namespace pentad::native {
namespace {

std::unexpected<std::error_code> error(std::errc what) noexcept {
  return std::unexpected(std::make_error_code(what));
}

/// By which interface a message has to leave; 0: as its route has it.
std::uint32_t wanted_interface(const port_options& options, const port_message& message,
                               const ip_address& to) noexcept {
  if (message.interface != 0) return message.interface;
  if (options.device) return *options.device;
  return to.is_multicast() ? options.group_interface : 0;
}

}  // namespace

result<path> way_of(ip_output& output, const datagram_port& port, const port_message& message,
                    const ip_address& to) {
  const port_options& options = port.options();
  if (!options.broadcast && output.is_broadcast(to)) return error(std::errc::permission_denied);
  const std::uint32_t by_interface = wanted_interface(options, message, to);
  if (by_interface != 0 && output.interfaces().find(by_interface) == nullptr) {
    return error(std::errc::no_such_device);
  }
  ip_address source = ip_address::any(to.version());
  if (message.from && !message.from->is_unspecified()) {
    if (!output.is_local(*message.from)) return error(std::errc::invalid_argument);
    source = *message.from;
  } else if (const ip_address& own = port.local().address;
             !own.is_unspecified() && own.version() == to.version() && output.is_local(own)) {
    source = own;  // a group may be listened to, but nothing comes from it
  }
  return output.find_path(to, source, by_interface);
}

packet_length length_on(const path& way, const datagram_port& port, std::size_t size) noexcept {
  const path_mtu_mode mode = port.options().mtu;
  const std::uint32_t most = mode == path_mtu_mode::probe ? way.link_mtu : way.mtu;
  const bool may_be_cut = mode == path_mtu_mode::off || mode == path_mtu_mode::want;
  return {.fits = size <= most, .refused = size > most && !may_be_cut, .most = most};
}

outgoing_packet packet_of(const datagram_port& port, const port_message& message, const path& way,
                          const ip_address& to, ip_protocol protocol, packet&& payload, bool fits,
                          bool is_broadcast) noexcept {
  const port_options& options = port.options();
  const bool to_group = to.is_multicast() || is_broadcast;
  const std::uint8_t hops = to.is_multicast() ? options.group_time_to_live : options.time_to_live;
  payload.set_passage({.sender = message.sender});
  return {.payload = std::move(payload),
          .source = way.source,
          .destination = to,
          .protocol = protocol,
          .time_to_live = message.time_to_live.value_or(hops),
          .traffic_class = message.traffic_class.value_or(options.traffic_class),
          // As Linux does: what fits teaches the path MTU, what does not is fragmented.
          .dont_fragment = options.mtu != path_mtu_mode::off && fits && !to_group,
          .ignores_path_mtu = options.mtu == path_mtu_mode::probe,
          .heard_by_this_host = is_broadcast || (to.is_multicast() && options.group_loop),
          .interface = wanted_interface(options, message, to)};
}

}  // namespace pentad::native
