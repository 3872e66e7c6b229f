#include "pentad/socket/resolver.hpp"

#include <algorithm>
#include <string_view>

#include "pentad/base/error.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/stop_check.hpp"
#include "pentad/socket/host.hpp"
#include "pentad/socket/names/destination_order.hpp"
#include "pentad/socket/names/host_name.hpp"
#include "pentad/socket/names/search_order.hpp"

namespace pentad {

using names::known_addresses;
using names::question;
using names::record_type;

namespace {

/// RFC 8305, section 3: how long the addresses of IPv4 wait for those of IPv6.
constexpr duration resolution_delay = std::chrono::milliseconds(50);

std::string_view without_dot(std::string_view name) noexcept {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

/// What needs no server; empty if there is nothing.
std::vector<ip_address> known_here(std::string_view name, const hosts_file& hosts) {
  const std::span<const ip_address> found = hosts.find(name);
  if (!found.empty()) return {found.begin(), found.end()};
  // RFC 6761, section 6.3: whatever a server would say.
  if (!names::is_within(name, "localhost")) return {};
  return {ip_address::loopback(ip_version::v6), ip_address::loopback(ip_version::v4)};
}

/// RFC 6761, section 6.4, and RFC 7686: no server is to be asked.
bool is_nobody(std::string_view name) noexcept {
  return names::is_within(name, "invalid") || names::is_within(name, "onion");
}

/// The more it keeps us from knowing, the more it counts.
int weight(std::error_code error) noexcept {
  if (error == errc::name_not_found) return 1;
  if (error == errc::name_has_no_address) return 2;
  if (error == errc::name_failed) return 3;
  return 4;
}

std::error_code heavier(std::error_code a, std::error_code b) noexcept {
  return weight(a) >= weight(b) ? a : b;
}

/// From which of this host's addresses `address` would be reached, which a UDP socket tells without
/// sending anything; nothing if it would not.
std::optional<ip_address> source_to(host& here, const ip_address& address) {
  constexpr std::uint16_t any_port = 53;
  result<datagram_socket> probe = here.datagram(endpoint(ip_address::any(address.version()), 0));
  if (!probe || !probe->connect(endpoint(address, any_port))) return {};
  const result<socket_address> local = probe->local();
  if (!local || local->ip().address.is_unspecified()) return {};
  return local->ip().address;
}

}  // namespace

/// The addresses of both versions of one name, asked for at once.
class resolver::both_versions {
 public:
  both_versions(resolver& of, shared_configuration configuration, std::string name,
                resolution_observer* observer)
      : resolver_(of),
        configuration_(std::move(configuration)),
        name_(std::move(name)),
        observer_(observer) {}

  task<known_addresses> run() {
    const auto body = [this](scope& all) { return ask_both(all); };
    co_await in_scope(body);
    std::vector<ip_address> addresses = found();
    if (addresses.empty()) co_return failure(heavier(v6_->error(), v4_->error()));
    co_return addresses;
  }

 private:
  task<> ask_both(scope& all) {
    all.spawn(ask(record_type::aaaa, v6_));
    all.spawn(ask(record_type::a, v4_));
    if (observer_ != nullptr) all.spawn(tell_early());
    co_return;
  }

  task<> ask(record_type type, std::optional<known_addresses>& outcome) {
    const question asked(name_, type);
    known_addresses answer = co_await resolver_.client_.look_up(configuration_, asked);
    outcome.emplace(std::move(answer));
    changed_.set();
  }

  task<> tell_early() {
    const result<void> first = co_await changed_.wait();
    if (!first) co_return;
    if (v4_ && !v6_) static_cast<void>(co_await changed_.wait().timeout(resolution_delay));
    const std::vector<ip_address> known = found();
    if ((v4_ && v6_) || known.empty()) co_return;
    observer_->found(resolver_.ordered(known));
  }

  std::vector<ip_address> found() const {
    std::vector<ip_address> addresses;
    for (const auto* each : {&v6_, &v4_}) {
      if (!*each || !**each) continue;
      const std::vector<ip_address>& known = (*each)->value();
      addresses.insert(addresses.end(), known.begin(), known.end());
    }
    return addresses;
  }

  resolver& resolver_;
  shared_configuration configuration_;
  std::string name_;
  resolution_observer* observer_;
  std::optional<known_addresses> v6_;
  std::optional<known_addresses> v4_;
  event changed_;
};

resolver::resolver(host& here, const name_service& service)
    : here_(here), reader_(service), client_(here, service) {}

std::vector<ip_address> resolver::ordered(std::span<const ip_address> addresses) {
  std::vector<names::destination> destinations;
  for (const ip_address& each : addresses) {
    destinations.push_back({each, addresses.size() > 1 ? source_to(here_, each) : std::nullopt});
  }
  names::order_destinations(destinations);
  std::vector<ip_address> order;
  for (const names::destination& each : destinations) order.push_back(each.address);
  return order;
}

task<known_addresses> resolver::search(shared_configuration configuration, std::string name,
                                       resolution_observer* observer) {
  std::error_code error = errc::name_not_found;
  for (const std::string& candidate : names::search_order(name, *configuration)) {
    both_versions asked(*this, configuration, candidate, observer);
    known_addresses found = co_await asked.run();
    if (found) co_return found;
    error = heavier(error, found.error());
    // Where nobody answers, nobody would for the next name.
    if (weight(error) > weight(errc::name_failed)) break;
  }
  co_return failure(error);
}

task<result<std::vector<ip_address>>> resolver::resolve(std::string name,
                                                        resolution_observer* observer) {
  if (const result<ip_address> literal = ip_address::parse(name); literal) {
    co_return std::vector<ip_address>(1, *literal);
  }
  const result<std::string> host_name = names::to_host_name(name);
  if (!host_name) co_return failure(host_name.error());
  const result<void> wanted = co_await stop_check();
  if (!wanted) co_return failure(wanted.error());
  result<shared_configuration> configuration = co_await reader_.current();
  if (!configuration) co_return failure(configuration.error());
  // What other servers have said does not count any more.
  if (*configuration != configuration_) client_.forget();
  configuration_ = *configuration;
  const std::string_view bare = without_dot(*host_name);
  const std::vector<ip_address> here = known_here(bare, configuration_->hosts);
  if (!here.empty()) co_return ordered(here);
  if (is_nobody(bare)) co_return failure(errc::name_not_found);
  const known_addresses found = co_await search(configuration_, *host_name, observer);
  if (!found) co_return failure(found.error());
  co_return ordered(*found);
}

}  // namespace pentad
