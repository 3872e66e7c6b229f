#include "pentad/socket/names/hosts_file.hpp"

#include <algorithm>

#include "pentad/socket/names/host_name.hpp"
#include "pentad/socket/names/words.hpp"

namespace pentad {

hosts_file hosts_file::parse(std::string_view text) {
  hosts_file parsed;
  while (!text.empty()) {
    std::string_view line = names::take_line(text);
    line = line.substr(0, line.find('#'));
    const result<ip_address> address = ip_address::parse(names::take_word(line));
    if (!address) continue;
    for (;;) {
      const std::string_view word = names::take_word(line);
      if (word.empty()) break;
      const result<std::string> name = names::to_host_name(word);
      if (!name) continue;
      std::vector<ip_address>& known = parsed.addresses_[*name];
      if (std::ranges::find(known, *address) == known.end()) known.push_back(*address);
    }
  }
  return parsed;
}

std::span<const ip_address> hosts_file::find(std::string_view name) const noexcept {
  const auto found = addresses_.find(name);
  return found == addresses_.end() ? std::span<const ip_address>() : found->second;
}

}  // namespace pentad
