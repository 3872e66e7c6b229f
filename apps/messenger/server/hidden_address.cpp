#include "apps/messenger/server/hidden_address.hpp"

namespace pentad::messenger {

std::string hidden_address(const client& who) {
  if (!who.address) return {};
  std::string address = to_string(*who.address);
  // A parameter that begins with a colon would be the last one.
  if (address.starts_with(':')) address.insert(0, 1, '0');
  return address == who.self.host ? std::string{} : address;
}

std::string hidden_source(const client& who) {
  const std::string address = hidden_address(who);
  return address.empty() ? address : who.self.nick + "!" + who.self.user + "@" + address;
}

}  // namespace pentad::messenger
