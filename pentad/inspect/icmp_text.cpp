#include "pentad/inspect/icmp_text.hpp"

#include <array>
#include <span>
#include <string_view>

#include "pentad/wire/icmpv4.hpp"
#include "pentad/wire/icmpv6.hpp"

namespace pentad {
namespace {

struct named {
  std::uint8_t number;
  std::string_view name;
};

// Codes of "destination unreachable": RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
constexpr std::array unreachable_v4{
    named{0, "network unreachable"},
    named{1, "host unreachable"},
    named{2, "protocol unreachable"},
    named{3, "port unreachable"},
    named{4, "fragmentation needed"},
    named{5, "source route failed"},
    named{6, "network unknown"},
    named{7, "host unknown"},
    named{9, "network prohibited"},
    named{10, "host prohibited"},
    named{13, "administratively prohibited"},
};

// RFC 4443 section 3.1.
constexpr std::array unreachable_v6{
    named{0, "no route"},         named{1, "administratively prohibited"},
    named{2, "beyond scope"},     named{3, "address unreachable"},
    named{4, "port unreachable"}, named{5, "source address failed policy"},
    named{6, "route rejected"},
};

constexpr std::array types_v4{
    named{0, "echo reply"},           named{3, "unreachable"},
    named{4, "source quench"},        named{5, "redirect"},
    named{8, "echo request"},         named{9, "router advertisement"},
    named{10, "router solicitation"}, named{11, "time exceeded"},
    named{12, "parameter problem"},   named{13, "timestamp request"},
    named{14, "timestamp reply"},
};

constexpr std::array types_v6{
    named{1, "unreachable"},
    named{2, "packet too big"},
    named{3, "time exceeded"},
    named{4, "parameter problem"},
    named{128, "echo request"},
    named{129, "echo reply"},
    named{130, "listener query"},
    named{131, "listener report"},
    named{132, "listener done"},
    named{133, "router solicitation"},
    named{134, "router advertisement"},
    named{135, "neighbor solicitation"},
    named{136, "neighbor advertisement"},
    named{137, "redirect"},
    named{143, "listener report"},
};

std::string_view name_of(std::span<const named> names, std::uint8_t number) noexcept {
  for (const named& each : names) {
    if (each.number == number) return each.name;
  }
  return {};
}

}  // namespace

std::string icmp_text(ip_version version, std::uint8_t type, std::uint8_t code) {
  const bool is_v4 = version == ip_version::v4;
  const auto unreachable =
      is_v4 ? static_cast<std::uint8_t>(wire::icmpv4_type::destination_unreachable)
            : static_cast<std::uint8_t>(wire::icmpv6_type::destination_unreachable);
  std::string_view name;
  if (type == unreachable) {
    name = name_of(is_v4 ? std::span<const named>(unreachable_v4) : unreachable_v6, code);
  }
  if (name.empty()) name = name_of(is_v4 ? std::span<const named>(types_v4) : types_v6, type);
  if (!name.empty()) return std::string(name);
  return "type " + std::to_string(type) + " code " + std::to_string(code);
}

}  // namespace pentad
