#include "apps/pentad/service.hpp"

#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"

namespace pentad::command {
namespace {

std::error_code failed_at(const socket_address& address, std::error_code error, bool verbose) {
  if (verbose) say(explain("tried " + service_text(address), error));
  return error;
}

// Says what is wrong with the addresses of a name.
class reporter final : public connect_observer {
 public:
  void failed(const endpoint& candidate, std::error_code error) override {
    failed_at(candidate, error, true);
  }
};

}  // namespace

task<result<std::vector<socket_address>>> addresses_of(host& here, service_address service) {
  std::vector<socket_address> addresses;
  if (service.is_unix()) {
    const result<unix_endpoint> name = unix_endpoint::parse(service.path);
    if (!name) co_return failure(name.error());
    addresses.emplace_back(*name);
    co_return addresses;
  }
  const result<std::vector<ip_address>> found = co_await here.resolve(std::string(service.host));
  if (!found) co_return failure(found.error());
  for (const ip_address& each : *found) addresses.emplace_back(endpoint(each, service.port));
  co_return addresses;
}

task<result<stream_socket>> connect_to(host& here, service_address service, bool verbose) {
  if (service.is_unix()) {
    const result<unix_endpoint> name = unix_endpoint::parse(service.path);
    if (!name) co_return failure(name.error());
    co_return co_await here.connect(socket_address(*name));
  }
  reporter failures;
  const std::string name(service.host);
  co_return co_await here.connect(name, service.port, {}, verbose ? &failures : nullptr);
}

result<stream_listener> listen_on_one(host& here, std::span<const socket_address> addresses,
                                      bool verbose) {
  std::error_code last;
  for (const socket_address& each : addresses) {
    result<stream_listener> opened = here.listen(each);
    if (opened) return opened;
    last = failed_at(each, opened.error(), verbose);
  }
  return failure(last);
}

result<datagram_socket> bind_one(host& here, std::span<const socket_address> addresses,
                                 const datagram_options& options, bool verbose) {
  std::error_code last;
  for (const socket_address& each : addresses) {
    result<datagram_socket> opened = here.datagram(each, options);
    if (opened) return opened;
    last = failed_at(each, opened.error(), verbose);
  }
  return failure(last);
}

std::string datagram_service_text(const socket_address& address) {
  if (address.is_ip()) return "udp://" + to_string(address);
  return "unixgram:" + std::string(address.unix_path().path());
}

std::string service_text(const socket_address& address) {
  return address.is_ip() ? "tcp://" + to_string(address) : to_string(address);
}

}  // namespace pentad::command
