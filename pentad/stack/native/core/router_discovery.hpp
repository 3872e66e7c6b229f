// Listens to the routers of a link: which of them forward, which addresses are on the link, and of
// which prefixes this host makes itself an address (RFC 4861, section 6.3; RFC 4862, section 5.5).
#pragma once

#include <string>
#include <vector>

#include "pentad/stack/native/core/ip_output.hpp"
#include "pentad/wire/ndp.hpp"

namespace pentad::native {

class router_discovery final : private address_watcher {
 public:
  // What the routers of one link may fill.
  static constexpr std::size_t most_routers = 8;
  static constexpr std::size_t most_prefixes = 16;
  static constexpr std::size_t most_addresses = 8;
  static constexpr std::size_t most_told_routes = 16;
  static constexpr std::size_t most_name_servers = 8;
  static constexpr std::size_t most_search_domains = 8;

  router_discovery(context& shared, ip_output& output, interface& link);
  router_discovery(const router_discovery&) = delete;
  router_discovery& operator=(const router_discovery&) = delete;
  ~router_discovery();

  /// Begins to ask for routers.
  void start();

  /// What a router, by its link-local address, says of the link.
  void receive(const wire::router_advertisement& heard, const ip_address& router);

  std::uint32_t interface_index() const noexcept { return link_.index(); }

  /// Whether there is an address that may be used.
  bool has_address() const noexcept;

  /// Something that holds for a time.
  template <class Value>
  struct timed {
    Value value;
    instant until{};
  };
  const std::vector<timed<ip_address>>& name_servers() const noexcept { return name_servers_; }
  const std::vector<timed<std::string>>& search_domains() const noexcept { return domains_; }

 private:
  struct default_router {
    ip_address address;
    wire::router_preference preference{};
    instant until{};
  };

  /// A router that is better than others for packets to a prefix (RFC 4191, section 2.3).
  struct told_route {
    prefix destination;
    ip_address router;
    wire::router_preference preference{};
    instant until{};
  };

  struct own_address {
    prefix subnet;  // with the address
    instant preferred_until{};
    instant valid_until{};
    unsigned conflicts = 0;
  };

  struct timer : timer_node {
    router_discovery* owner = nullptr;
  };

  void settled(const ip_address& address, address_state how) override;
  void solicit();
  void take_parameters(const wire::router_advertisement& heard);
  void take_router(const wire::router_advertisement& heard, const ip_address& router);
  void take_route(const wire::ndp_route& heard, const ip_address& router);
  void take_on_link(const wire::ndp_prefix& heard);
  void take_autonomous(const wire::ndp_prefix& heard);
  void take_names(const wire::router_advertisement& heard);
  void make_address(own_address& made);
  void refresh_routes();
  void expire();
  void arm();
  route on_link_route(const prefix& subnet) const noexcept;
  instant until(std::uint32_t lifetime) const noexcept;

  context& context_;
  ip_output& output_;
  interface& link_;
  timer solicitation_;
  timer expiry_;
  duration wait_{};  // for an answer to the last solicitation
  std::vector<default_router> routers_;
  std::vector<told_route> told_routes_;
  std::vector<route> routes_;  // by them, as they were added
  std::vector<timed<prefix>> prefixes_;
  std::vector<own_address> addresses_;
  std::vector<timed<ip_address>> name_servers_;
  std::vector<timed<std::string>> domains_;
};

}  // namespace pentad::native
