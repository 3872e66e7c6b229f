#include "pentad/hosts/told_names.hpp"

#include <algorithm>

namespace pentad {
namespace {

constexpr std::uint16_t dns_port = 53;

/// Those that the text names come first. None is asked twice.
resolver_configuration configuration_of(const std::vector<ip_address>& own,
                                        const native::learned_names& told) {
  resolver_configuration names;
  for (const auto* servers : {&own, &told.servers}) {
    for (const ip_address& each : *servers) {
      const endpoint server(each, dns_port);
      if (std::ranges::find(names.servers, server) == names.servers.end()) {
        names.servers.push_back(server);
      }
    }
  }
  for (const std::string& each : told.domains) {
    if (std::ranges::find(names.search, each) == names.search.end()) names.search.push_back(each);
  }
  return names;
}

}  // namespace

std::shared_ptr<const resolver_configuration> told_names::current() {
  if (known_ && version_ == network_.configurations()) return known_;
  version_ = network_.configurations();
  resolver_configuration now = configuration_of(own_, network_.names());
  // A lease that was only renewed takes away nothing that is remembered.
  if (known_ && known_->servers == now.servers && known_->search == now.search) return known_;
  known_ = std::make_shared<const resolver_configuration>(std::move(now));
  return known_;
}

}  // namespace pentad
