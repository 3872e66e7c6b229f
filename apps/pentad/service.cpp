#include "apps/pentad/service.hpp"

#include "pentad/socket/resolver.hpp"

namespace pentad::command {

task<result<std::vector<socket_address>>> addresses_of(service_address service) {
  std::vector<socket_address> addresses;
  if (service.is_unix()) {
    const result<unix_endpoint> name = unix_endpoint::parse(service.path);
    if (!name) co_return failure(name.error());
    addresses.emplace_back(*name);
    co_return addresses;
  }
  const result<std::vector<ip_address>> found = co_await resolve(service.host);
  if (!found) co_return failure(found.error());
  for (const ip_address& each : *found) addresses.emplace_back(endpoint(each, service.port));
  co_return addresses;
}

std::string service_text(const socket_address& address) {
  return address.is_ip() ? "tcp://" + to_string(address) : to_string(address);
}

}  // namespace pentad::command
