// How fast flows carry bytes, from what they had carried at two looks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apps/pentad/flow_table.hpp"

namespace pentad::command {

class flow_rates {
 public:
  /// The rows of a look at `now`: with rates for flows that were there at the last one and that
  /// count their bytes.
  std::vector<flow_row> rows(std::vector<flow> flows, instant now);

 private:
  struct counts {
    std::optional<std::uint64_t> sent;
    std::optional<std::uint64_t> received;
  };

  std::map<std::string, counts> last_;
  instant last_at_{};
};

}  // namespace pentad::command
