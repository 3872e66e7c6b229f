#include "pentad/stack/native/core/router_discovery.hpp"

#include <algorithm>

#include "pentad/stack/native/core/ndp.hpp"
#include "pentad/stack/native/core/scope.hpp"
#include "pentad/stack/native/core/stable_address.hpp"

namespace pentad::native {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr duration first_wait = seconds(4);       // RTR_SOLICITATION_INTERVAL
constexpr duration longest_wait = seconds(3600);  // RFC 7559, section 2
constexpr unsigned identifier_bits = 64;          // RFC 4291, section 2.5.1
constexpr duration two_hours = std::chrono::hours(2);

/// The address without what is beyond the length.
template <class Heard>
prefix network_of(const Heard& heard) noexcept {
  auto bytes = wire::load_bytes<16>(heard.prefix.bytes().data());
  for (unsigned i = 0; i != 16; ++i) {
    const unsigned before = i * 8;
    if (before >= heard.length) {
      bytes[i] = std::byte{0};
    } else if (heard.length - before < 8) {
      bytes[i] &= static_cast<std::byte>(0xff00U >> (heard.length - before));
    }
  }
  return {ip_address::v6(bytes), heard.length};
}

bool is_same(const prefix& a, const prefix& b) noexcept {
  return a.length == b.length && a.address == b.address;
}

/// Takes over a lifetime; zero removes, and what there is no room for is passed over. Returns
/// whether something was added or removed.
template <class Value>
bool take_timed(std::vector<router_discovery::timed<Value>>& all, const Value& value, instant until,
                std::uint32_t lifetime, std::size_t most) {
  const auto found = std::ranges::find(all, value, &router_discovery::timed<Value>::value);
  if (found != all.end()) {
    found->until = until;
    if (lifetime == 0) all.erase(found);
    return lifetime == 0;
  }
  if (lifetime == 0 || all.size() == most) return false;
  all.push_back({value, until});
  return true;
}

}  // namespace

router_discovery::router_discovery(context& shared, ip_output& output, interface& link)
    : context_(shared), output_(output), link_(link) {
  solicitation_.owner = expiry_.owner = this;
  solicitation_.fire = [](timer_node& node) { static_cast<timer&>(node).owner->solicit(); };
  expiry_.fire = [](timer_node& node) { static_cast<timer&>(node).owner->expire(); };
  link_.set_routers(this);
  link_.watch(*this);
}

router_discovery::~router_discovery() {
  context_.timers.erase(solicitation_);
  context_.timers.erase(expiry_);
}

void router_discovery::start() {
  constexpr std::uint32_t steps = 1U << 16;
  context_.arm(solicitation_,
               context_.settings.routers.most_delay / steps * context_.numbers.below(steps));
}

/// RFC 7559: for ever, but more and more seldom.
void router_discovery::solicit() {
  solicit_routers(context_, link_);
  wait_ = wait_ == duration::zero() ? first_wait : std::min(wait_ * 2, longest_wait);
  constexpr std::uint32_t steps = 200;
  const duration jitter = wait_ / 1000 * context_.numbers.below(steps + 1);
  context_.arm(solicitation_, wait_ - wait_ / 10 + jitter);
}

void router_discovery::receive(const wire::router_advertisement& heard, const ip_address& router) {
  ++context_.counters.router_advertisements;
  context_.timers.erase(solicitation_);
  take_parameters(heard);
  if (heard.source_link_layer) link_.neighbours().heard(router, *heard.source_link_layer, true);
  take_router(heard, router);
  for (const wire::ndp_route& each : heard.routes) take_route(each, router);
  refresh_routes();
  for (const wire::ndp_prefix& each : heard.prefixes) {
    const bool is_usable = !each.prefix.is_link_local() && !each.prefix.is_multicast() &&
                           each.preferred_lifetime <= each.valid_lifetime;
    if (is_usable && each.on_link) take_on_link(each);
    if (is_usable && each.autonomous) take_autonomous(each);
  }
  take_names(heard);
  arm();
}

/// RFC 4861, section 6.3.4: zero says nothing.
void router_discovery::take_parameters(const wire::router_advertisement& heard) {
  constexpr std::uint32_t least_mtu = 1280;
  constexpr std::uint32_t longest_reachable = 3'600'000;
  if (heard.hop_limit != 0) context_.hop_limit_v6 = heard.hop_limit;
  if (heard.reachable_time != 0 && heard.reachable_time <= longest_reachable) {
    link_.neighbours().set_reachable_time(milliseconds(heard.reachable_time));
  }
  if (heard.retransmission_time != 0) {
    link_.neighbours().set_retransmission_time(std::clamp<duration>(
        milliseconds(heard.retransmission_time), milliseconds(1), seconds(60)));
  }
  if (heard.mtu && *heard.mtu >= least_mtu) link_.limit_mtu(ip_version::v6, *heard.mtu);
}

void router_discovery::take_router(const wire::router_advertisement& heard,
                                   const ip_address& router) {
  const auto found = std::ranges::find(routers_, router, &default_router::address);
  // RFC 4191, section 3.1: an option for everything stands in the place of the head.
  const bool is_told_apart =
      std::ranges::any_of(heard.routes, [](const auto& each) { return each.length == 0; });
  if (heard.router_lifetime == 0 || is_told_apart) {
    if (found != routers_.end()) routers_.erase(found);
  } else if (found != routers_.end()) {
    found->preference = heard.preference;
    found->until = until(heard.router_lifetime);
  } else if (routers_.size() < most_routers) {
    routers_.push_back({router, heard.preference, until(heard.router_lifetime)});
  }
}

void router_discovery::take_route(const wire::ndp_route& heard, const ip_address& router) {
  if (heard.prefix.is_link_local() || heard.prefix.is_multicast()) return;
  const prefix destination = network_of(heard);
  const auto found = std::ranges::find_if(told_routes_, [&](const told_route& each) {
    return is_same(each.destination, destination) && each.router == router;
  });
  if (found != told_routes_.end()) {
    found->preference = heard.preference;
    found->until = until(heard.lifetime);
    if (heard.lifetime == 0) told_routes_.erase(found);
  } else if (heard.lifetime != 0 && told_routes_.size() < most_told_routes) {
    told_routes_.push_back({destination, router, heard.preference, until(heard.lifetime)});
  }
}

/// The preferred ones first (RFC 4191, section 3.1), of them the one that was heard first.
void router_discovery::refresh_routes() {
  std::vector<route> wanted;
  for (const auto preference : {wire::router_preference::high, wire::router_preference::medium,
                                wire::router_preference::low}) {
    for (const default_router& each : routers_) {
      if (each.preference != preference) continue;
      wanted.push_back({.destination = {ip_address::any(ip_version::v6), 0},
                        .gateway = each.address,
                        .interface = link_.index()});
    }
    for (const told_route& each : told_routes_) {
      if (each.preference != preference) continue;
      wanted.push_back(
          {.destination = each.destination, .gateway = each.router, .interface = link_.index()});
    }
  }
  if (wanted == routes_) return;
  for (const route& each : routes_) output_.remove_route(each);
  for (const route& each : wanted) output_.add_route(each);
  routes_ = std::move(wanted);
}

route router_discovery::on_link_route(const prefix& subnet) const noexcept {
  return {.destination = subnet, .gateway = {}, .interface = link_.index()};
}

void router_discovery::take_on_link(const wire::ndp_prefix& heard) {
  const prefix subnet = network_of(heard);
  const auto found = std::ranges::find_if(
      prefixes_, [&](const auto& each) { return is_same(each.value, subnet); });
  if (found != prefixes_.end()) {
    found->until = until(heard.valid_lifetime);
    if (heard.valid_lifetime == 0) {
      output_.remove_route(on_link_route(subnet));
      prefixes_.erase(found);
    }
  } else if (heard.valid_lifetime != 0 && prefixes_.size() < most_prefixes) {
    prefixes_.push_back({subnet, until(heard.valid_lifetime)});
    output_.add_route(on_link_route(subnet));
  }
}

/// RFC 4862, section 5.5.3.
void router_discovery::take_autonomous(const wire::ndp_prefix& heard) {
  if (heard.length != 128 - identifier_bits) return;
  const prefix subnet = network_of(heard);
  const auto found = std::ranges::find_if(
      addresses_, [&](const own_address& each) { return subnet.contains(each.subnet.address); });
  if (found == addresses_.end()) {
    if (heard.valid_lifetime == 0 || addresses_.size() == most_addresses) return;
    own_address& made = addresses_.emplace_back();
    made.subnet = subnet;
    made.preferred_until = until(heard.preferred_lifetime);
    made.valid_until = until(heard.valid_lifetime);
    return make_address(made);
  }
  // e: nobody on the link can make an address invalid within less than two hours.
  const instant told = until(heard.valid_lifetime);
  const instant soon = later(context_.now, two_hours);
  if (told > soon || told > found->valid_until) {
    found->valid_until = told;
  } else if (found->valid_until > soon) {
    found->valid_until = soon;
  }
  found->preferred_until = until(heard.preferred_lifetime);
  link_.set_deprecated(found->subnet.address, found->preferred_until <= context_.now);
}

void router_discovery::make_address(own_address& made) {
  const router_discovery_settings& settings = context_.settings.routers;
  made.subnet.address = stable_address(made.subnet, {settings.secret, link_.mac(), made.conflicts});
  link_.add_checked_address(made.subnet, settings.check);
  link_.set_deprecated(made.subnet.address, made.preferred_until <= context_.now);
}

/// RFC 7217, section 6: another address, a few times.
void router_discovery::settled(const ip_address& address, address_state how) {
  const auto found = std::ranges::find_if(
      addresses_, [&](const own_address& each) { return each.subnet.address == address; });
  if (found == addresses_.end()) return;
  ++context_.configurations;
  if (how != address_state::duplicate) return;
  if (++found->conflicts > context_.settings.routers.most_conflicts) return;
  link_.remove_address(address);
  make_address(*found);
}

bool router_discovery::has_address() const noexcept {
  return std::ranges::any_of(addresses_, [&](const own_address& each) {
    const local_address* const own = link_.find(each.subnet.address);
    return own != nullptr && own->state == address_state::assigned;
  });
}

void router_discovery::take_names(const wire::router_advertisement& heard) {
  bool has_changed = false;
  for (const wire::ndp_name_server& each : heard.name_servers) {
    if (each.address.is_multicast() || each.address.is_unspecified()) continue;
    has_changed |= take_timed(name_servers_, scoped(each.address, link_.index()),
                              until(each.lifetime), each.lifetime, most_name_servers);
  }
  for (const wire::ndp_search_domain& each : heard.search_domains) {
    has_changed |= take_timed(domains_, std::string(each.name()), until(each.lifetime),
                              each.lifetime, most_search_domains);
  }
  if (has_changed) ++context_.configurations;
}

instant router_discovery::until(std::uint32_t lifetime) const noexcept {
  return lifetime == UINT32_MAX ? never : later(context_.now, seconds(lifetime));
}

/// What is over goes.
void router_discovery::expire() {
  const instant now = context_.now;
  std::erase_if(routers_, [&](const default_router& each) { return each.until <= now; });
  std::erase_if(told_routes_, [&](const told_route& each) { return each.until <= now; });
  refresh_routes();
  std::erase_if(prefixes_, [&](const auto& each) {
    if (each.until > now) return false;
    output_.remove_route(on_link_route(each.value));
    return true;
  });
  std::erase_if(addresses_, [&](const own_address& each) {
    if (each.valid_until <= now) {
      link_.remove_address(each.subnet.address);
      ++context_.configurations;
      return true;
    }
    if (each.preferred_until <= now) link_.set_deprecated(each.subnet.address, true);
    return false;
  });
  const auto is_over = [&](const auto& each) { return each.until <= now; };
  if (std::erase_if(name_servers_, is_over) + std::erase_if(domains_, is_over) != 0) {
    ++context_.configurations;
  }
  arm();
}

void router_discovery::arm() {
  instant next = never;
  const auto note = [&](instant when) {
    if (when > context_.now) next = std::min(next, when);
  };
  for (const default_router& each : routers_) note(each.until);
  for (const told_route& each : told_routes_) note(each.until);
  for (const auto& each : prefixes_) note(each.until);
  for (const own_address& each : addresses_) {
    note(each.preferred_until);
    note(each.valid_until);
  }
  for (const auto& each : name_servers_) note(each.until);
  for (const auto& each : domains_) note(each.until);
  context_.timers.erase(expiry_);
  if (next != never) context_.arm(expiry_, next - context_.now);
}

}  // namespace pentad::native
