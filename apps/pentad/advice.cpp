#include "apps/pentad/advice.hpp"

#include "pentad/base/error.hpp"

namespace pentad::command {
namespace {

std::string advice_on_name(std::error_code error) {
  if (error == errc::name_not_found) return "Check the spelling of the host name.";
  if (error == errc::name_try_again) {
    return "Check the network and the servers in /etc/resolv.conf (a native stack: dns=ADDRESS), "
           "or "
           "use an IP address.";
  }
  if (error == errc::name_failed) {
    return "The servers in /etc/resolv.conf (a native stack: dns=ADDRESS) cannot tell: try others, "
           "or use an IP address.";
  }
  if (error == errc::no_name_server)
    return "A native stack takes dns=ADDRESS; or use an IP address.";
  return {};
}

constexpr const char* only_linux = "Unix sockets are of Linux's stack alone: use --stack kernel.";

bool is_ip(std::string_view address) noexcept {
  return address.starts_with("tcp://") || address.starts_with("udp://");
}

// Of --multicast GROUP%IF.
constexpr std::string_view no_interface =
    "The stack has no interface of that name: `ip link` shows Linux's; those of a native stack are "
    "named in tap= and packet=.";

std::string_view port_of(std::string_view address) noexcept {
  return address.substr(address.rfind(':') + 1);
}

}  // namespace

std::string explain(std::string_view what, std::error_code error, std::string_view advice) {
  std::string text(what);
  text.append(": ").append(error.message());
  if (!advice.empty()) text.append("\n  ").append(advice);
  return text;
}

std::string advice_on_connecting(std::error_code error, std::string_view address) {
  const std::string quoted(address);
  if (error == std::errc::address_family_not_supported && !is_ip(address)) return only_linux;
  if (error == std::errc::connection_refused || error == std::errc::no_such_file_or_directory) {
    return "Nobody listens there. To listen: pentad listen " + quoted;
  }
  if (error == std::errc::timed_out) {
    return "Nobody answered: check the address and firewalls, or give a longer --timeout.";
  }
  if (error == std::errc::network_unreachable) {
    return "No route leads there: see `ip route`; a native stack takes gw=ADDRESS.";
  }
  if (error == std::errc::no_such_device) return std::string(no_interface);
  if (error == std::errc::permission_denied && !is_ip(address)) {
    return "Connecting needs the permission to write to the socket's file.";
  }
  return advice_on_name(error);
}

std::string advice_on_listening(std::error_code error, std::string_view address) {
  if (error == std::errc::address_family_not_supported && !is_ip(address)) return only_linux;
  if (error == std::errc::address_in_use) {
    if (!is_ip(address)) return "Somebody listens there already, or the path is another file.";
    const std::string flags = address.starts_with("udp://") ? "-lunp" : "-ltnp";
    return "Port 0 picks a free one; `ss " + flags + " 'sport = :" + std::string(port_of(address)) +
           "'` shows who has this one.";
  }
  if (error == std::errc::no_such_device) return std::string(no_interface);
  if (error == std::errc::address_not_available) {
    return "No interface of this host has the address: see `ip address`; a native stack has those "
           "of ip= and ip6=.";
  }
  if (error == std::errc::permission_denied) {
    if (!is_ip(address)) return "Listening needs the permission to write to the folder.";
    return "Ports below 1024 are for root and programs with CAP_NET_BIND_SERVICE.";
  }
  if (error == std::errc::no_such_file_or_directory) return "Make the folder first.";
  return advice_on_name(error);
}

std::string_view advice_on_stack(std::error_code error) {
  const bool forbidden =
      error == std::errc::operation_not_permitted || error == std::errc::permission_denied;
  if (forbidden) {
    return "io_uring is forbidden here, as it is in many containers: use --stack kernel:epoll.";
  }
  if (error == std::errc::function_not_supported) {
    return "This Linux is too old for Pentad's use of io_uring: use --stack kernel:epoll.";
  }
  return {};
}

}  // namespace pentad::command
