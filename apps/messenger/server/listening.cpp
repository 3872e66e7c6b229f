#include "apps/messenger/server/listening.hpp"

#include <vector>

#include "apps/messenger/server/port_holder.hpp"
#include "pentad/base/service_address.hpp"

namespace pentad::messenger {
namespace {

std::string advice_on_taken_port(std::uint16_t port) {
  std::string advice = "Another program has the port";
  if (const auto holder = find_port_holder(port)) {
    advice += ": " + holder->program + ", process " + std::to_string(holder->process);
  }
  return advice + ".\n  Pick another with --listen HOST:PORT; port 0 takes any that is free.";
}

std::string advice_on(std::error_code error, std::uint16_t port) {
  if (error == std::errc::address_in_use) return advice_on_taken_port(port);
  if (error == std::errc::address_not_available) {
    return "No interface of this host has the address: see `ip address`.";
  }
  if (error == std::errc::permission_denied) {
    return "Ports below 1024 are for root and programs with CAP_NET_BIND_SERVICE.";
  }
  return {};
}

std::unexpected<std::string> refused(std::string_view address, std::string_view why,
                                     std::string_view advice) {
  std::string text = "cannot listen on ";
  text.append(address).append(": ").append(why);
  if (!advice.empty()) text.append("\n  ").append(advice);
  return std::unexpected{std::move(text)};
}

}  // namespace

task<std::expected<stream_listener, std::string>> listen_on(host& here, std::string_view address) {
  const std::string url = "tcp://" + std::string{address};
  const result<service_address> service = service_address::parse(url);
  if (!service) {
    co_return refused(address, "not an address", "Write HOST:PORT, such as 127.0.0.1:6667.");
  }
  const result<std::vector<ip_address>> addresses =
      co_await here.resolve(std::string{service->host});
  if (!addresses) co_return refused(address, addresses.error().message(), {});
  std::error_code error;
  for (const ip_address& each : *addresses) {
    result<stream_listener> opened = here.listen(endpoint{each, service->port});
    if (opened) co_return std::move(*opened);
    error = opened.error();
  }
  co_return refused(address, error.message(), advice_on(error, service->port));
}

std::string irc_address(const stream_listener& listener) {
  const result<socket_address> local = listener.local();
  return "irc://" + (local ? to_string(*local) : std::string{"?"});
}

}  // namespace pentad::messenger
