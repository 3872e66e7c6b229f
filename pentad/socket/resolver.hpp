// From names to addresses, over the sockets of one host: it works alike on every stack.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pentad/base/ip_address.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/names/configuration_reader.hpp"
#include "pentad/socket/names/dns_client.hpp"

namespace pentad {

class host;

/// Is told of addresses that are known while others are still asked for.
class resolution_observer {
 public:
  /// `addresses` are all that are known so far, in the order in which to try them.
  virtual void found(std::span<const ip_address> addresses) = 0;

 protected:
  ~resolution_observer() = default;
};

/// Asks the table of hosts, then DNS, for IPv4 and IPv6 at once. Belongs to its host, which has one
/// (`host::resolve`).
class resolver {
 public:
  resolver(host& here, const name_service& service);

  /// See `host::resolve`. `observer` may be null.
  task<result<std::vector<ip_address>>> resolve(std::string name, resolution_observer* observer);

 private:
  class both_versions;
  using shared_configuration = names::configuration_reader::shared;

  task<names::known_addresses> search(shared_configuration configuration, std::string name,
                                      resolution_observer* observer);

  /// In the order in which to try them (RFC 6724).
  std::vector<ip_address> ordered(std::span<const ip_address> addresses);

  host& here_;
  names::configuration_reader reader_;
  names::dns_client client_;
  shared_configuration configuration_;
};

}  // namespace pentad
