// The table of hosts(5): names that need no name service.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pentad/base/ip_address.hpp"

namespace pentad {

class hosts_file {
 public:
  /// `text` has an address and its names on each line, and comments behind `#`. Lines that are
  /// something else are passed over, as everybody does who reads this file.
  static hosts_file parse(std::string_view text);

  /// The addresses of a name in lower case, in the order of the file; empty if it is not there.
  std::span<const ip_address> find(std::string_view name) const noexcept;

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>()(name);
    }
  };

  std::unordered_map<std::string, std::vector<ip_address>, hash, std::equal_to<>> addresses_;
};

}  // namespace pentad
