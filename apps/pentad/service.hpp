// From what users write to addresses, and back.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pentad/base/service_address.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

/// The addresses that a service stands for, in the order in which to try them. Errors: those of
/// `host::resolve`.
task<result<std::vector<socket_address>>> addresses_of(host& here, service_address service);

/// A connection to the service. `verbose`: says what is wrong with each address that does not take
/// one. Errors: those of `host::connect`.
task<result<stream_socket>> connect_to(host& here, service_address service, bool verbose);

/// A listener on the first of `addresses` that allows one, or the error of the last.
result<stream_listener> listen_on_one(host& here, std::span<const socket_address> addresses,
                                      bool verbose);

/// A datagram socket at the first of `addresses` that allows one, or the error of the last.
result<datagram_socket> bind_one(host& here, std::span<const socket_address> addresses,
                                 const datagram_options& options, bool verbose);

/// `udp://10.9.0.1:80` or `unixgram:PATH`.
std::string datagram_service_text(const socket_address& address);

/// `tcp://10.9.0.1:80`, `tcp://[fe80::1%veth0]:80` or `unix:PATH`.
std::string service_text(const socket_address& address);

}  // namespace pentad::command
