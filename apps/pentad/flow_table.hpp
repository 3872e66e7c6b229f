// Flows as the rows of a table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// A flow, and bytes a second since the last look.
struct flow_row {
  flow what;
  std::optional<double> sent_rate;
  std::optional<double> received_rate;
};

/// A column of the table: its text and an order of the rows.
struct flow_column {
  const char* heading;
  std::string (*text)(const flow_row&);  ///< `-` for what is not known
  bool (*less)(const flow_row&, const flow_row&);
  bool is_number;           ///< written to the right, and sorted from the largest down
  bool is_rate;             ///< known only when flows are looked at twice
  int worth;                ///< those of the least worth go when there is no room for all
  bool is_of_hops = false;  ///< known of traced sockets alone
};

/// All columns from left to right.
std::span<const flow_column> flow_columns() noexcept;

/// The column that the rows are sorted by, as its heading shows.
struct flow_order {
  const flow_column* by = nullptr;
  bool reversed = false;
};

/// Sorts; rows that are alike come in the order of lists.
void sort(std::vector<flow_row>& rows, const flow_order& order);

/// The heading and the rows as lines without control characters, at most `width` columns of a
/// terminal wide.
std::vector<std::string> flow_lines(std::span<const flow_row> rows,
                                    std::vector<const flow_column*> columns,
                                    const flow_order& order = {}, std::size_t width = 100'000);

/// The order of a list: by stack and protocol, listeners first, then by the ends.
bool comes_before(const flow& a, const flow& b);

}  // namespace pentad::command
