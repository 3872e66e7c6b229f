#include "apps/pentad/flow_table.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

#include "apps/pentad/fit_text.hpp"
#include "apps/pentad/short_text.hpp"
#include "apps/terminal/display_width.hpp"
#include "apps/terminal/printable.hpp"

namespace pentad::command {
namespace {

constexpr std::size_t gap = 2;             // columns of the terminal between two of the table
constexpr std::size_t fewest_columns = 3;  // of the table

template <class Value>
std::string text_or_dash(const std::optional<Value>& value) {
  return value ? std::to_string(*value) : "-";
}

std::string protocol_text(const flow_row& row) {
  const flow& x = row.what;
  const std::string kind(name_of(x.kind));
  if (!x.protocol) return x.kind == flow_kind::stream ? "unix" : "unix/" + kind;
  return (x.kind == flow_kind::raw ? "raw/" : "") + to_string(*x.protocol);
}

std::string state_text(const flow_row& row) { return std::string(name_of(row.what.state)); }

// Of listeners, as ss(8) has it, the connections that wait and how many may.
std::optional<std::uint64_t> receive_queue(const flow_row& row) {
  if (row.what.waiting) return *row.what.waiting;
  return row.what.info.receive_queue;
}
std::optional<std::uint64_t> send_queue(const flow_row& row) {
  if (row.what.backlog) return *row.what.backlog;
  return row.what.info.send_queue;
}

// A Unix socket without a name is called by its inode.
std::string end_text(const socket_address& end, const std::optional<std::uint64_t>& inode) {
  if (end.is_ip()) return to_string(end.ip());
  if (!end.unix_path().is_unnamed()) {
    return terminal::printable(end.unix_path().path());
  }
  return inode ? "#" + std::to_string(*inode) : "-";
}

std::string local_text(const flow_row& row) { return end_text(row.what.local, row.what.inode); }

std::string remote_text(const flow_row& row) {
  const flow& x = row.what;
  if (x.remote) return end_text(*x.remote, x.peer_inode);
  if (x.protocol) return "*";
  return x.peer_inode ? "#" + std::to_string(*x.peer_inode) : "*";
}

std::string rate_text(const std::optional<double>& rate) {
  return rate ? short_number(*rate) : "-";
}
std::string sent_text(const flow_row& row) { return rate_text(row.sent_rate); }
std::string received_text(const flow_row& row) { return rate_text(row.received_rate); }

std::string rtt_text(const flow_row& row) {
  return row.what.info.rtt ? short_time(*row.what.info.rtt) : "-";
}

std::string process_text(const flow_row& row) {
  std::string text;
  for (const flow_process& each : row.what.processes) {
    if (!text.empty()) text += ",";
    text += terminal::printable(each.name) + "(" + std::to_string(each.id) + ")";
  }
  return text.empty() ? "-" : text;
}

std::string stack_text(const flow_row& row) { return std::string(name_of(row.what.stack)); }

std::string hops_text(const flow_row& row) {
  const flow_hops& hops = row.what.hops;
  const auto text = [](const std::optional<duration>& time) {
    return time ? short_time(*time) : std::string("-");
  };
  if (!hops.any()) return "-";
  return text(hops.socket_to_stack) + "+" + text(hops.stack_to_nic) + " " +
         text(hops.nic_to_stack) + "+" + text(hops.stack_to_program);
}

// Names before numbers, and numbers by their size.
template <auto Key>
bool less(const flow_row& a, const flow_row& b) {
  return Key(a) < Key(b);
}

bool local_less(const flow_row& a, const flow_row& b) {
  if (!a.what.local.is_ip() || !b.what.local.is_ip()) return less<local_text>(a, b);
  return a.what.local.ip() < b.what.local.ip();
}
bool remote_less(const flow_row& a, const flow_row& b) {
  const bool are_ip =
      a.what.remote && b.what.remote && a.what.remote->is_ip() && b.what.remote->is_ip();
  return are_ip ? a.what.remote->ip() < b.what.remote->ip() : less<remote_text>(a, b);
}

constexpr auto state_of = [](const flow_row& row) { return row.what.state; };
constexpr auto stack_of = [](const flow_row& row) { return row.what.stack; };
constexpr auto rtt_of = [](const flow_row& row) { return row.what.info.rtt; };
constexpr auto window_of = [](const flow_row& row) { return row.what.info.congestion_window; };
constexpr auto retransmits_of = [](const flow_row& row) { return row.what.info.retransmits; };
constexpr auto sent_of = [](const flow_row& row) { return row.sent_rate; };
constexpr auto received_of = [](const flow_row& row) { return row.received_rate; };

template <auto Key>
std::string number_text(const flow_row& row) {
  return text_or_dash(Key(row));
}

constexpr std::array<flow_column, 14> columns{{
    {"PROTOCOL", protocol_text, less<protocol_text>, false, false, 11},
    {"STATE", state_text, less<state_of>, false, false, 10},
    {"RECV-Q", number_text<receive_queue>, less<receive_queue>, true, false, 5},
    {"SEND-Q", number_text<send_queue>, less<send_queue>, true, false, 6},
    {"LOCAL", local_text, local_less, false, false, 13},
    {"REMOTE", remote_text, remote_less, false, false, 12},
    {"SENT/s", sent_text, less<sent_of>, true, true, 8},
    {"RECEIVED/s", received_text, less<received_of>, true, true, 9},
    {"RTT", rtt_text, less<rtt_of>, true, false, 4},
    {"CWND", number_text<window_of>, less<window_of>, true, false, 2},
    {"RETRANS", number_text<retransmits_of>, less<retransmits_of>, true, false, 3},
    {"HOPS", hops_text, less<hops_text>, false, false, 0, true},
    {"PROCESS", process_text, less<process_text>, false, false, 7},
    {"STACK", stack_text, less<stack_of>, false, false, 1},
}};

std::string heading_of(const flow_column& column, const flow_order& order) {
  if (&column != order.by) return column.heading;
  const bool downwards = column.is_number != order.reversed;
  return column.heading + std::string(downwards ? "\u2193" : "\u2191");
}

// One column with its heading, as wide as the widest of its texts.
struct cells {
  const flow_column* column;
  std::vector<std::string> texts;
  std::size_t width = 0;
};

class layout {
 public:
  layout(std::span<const flow_row> rows, std::span<const flow_column* const> wanted,
         const flow_order& order) {
    for (const flow_column* column : wanted) {
      cells made{column, {heading_of(*column, order)}};
      for (const flow_row& row : rows) made.texts.push_back(column->text(row));
      for (const std::string& text : made.texts) made.width = std::max(made.width, width_.of(text));
      cells_.push_back(std::move(made));
    }
  }

  void drop_until_they_fit(std::size_t width) {
    while (total() > width && cells_.size() > fewest_columns) {
      cells_.erase(std::ranges::min_element(cells_, {},
                                            [](const cells& each) { return each.column->worth; }));
    }
  }

  std::string line(std::size_t index, std::size_t width) const {
    std::string text;
    for (const cells& each : cells_) {
      if (&each != &cells_.front()) text.append(gap, ' ');
      const std::string& own = each.texts[index];
      const std::string padding(each.width - width_.of(own), ' ');
      text += each.column->is_number ? padding + own : own + padding;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return fit_text(std::move(text), width);
  }

 private:
  std::size_t total() const {
    return std::accumulate(cells_.begin(), cells_.end(), gap * (cells_.size() - 1),
                           [](std::size_t sum, const cells& each) { return sum + each.width; });
  }

  terminal::display_width width_;
  std::vector<cells> cells_;
};

}  // namespace

std::span<const flow_column> flow_columns() noexcept { return columns; }

void sort(std::vector<flow_row>& rows, const flow_order& order) {
  if (order.by == nullptr) return;
  const bool downwards = order.by->is_number != order.reversed;
  std::ranges::sort(rows, [&](const flow_row& a, const flow_row& b) {
    const flow_row& first = downwards ? b : a;
    const flow_row& second = downwards ? a : b;
    if (order.by->less(first, second)) return true;
    return !order.by->less(second, first) && comes_before(a.what, b.what);
  });
}

std::vector<std::string> flow_lines(std::span<const flow_row> rows,
                                    std::vector<const flow_column*> wanted, const flow_order& order,
                                    std::size_t width) {
  layout made(rows, wanted, order);
  made.drop_until_they_fit(width);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i <= rows.size(); ++i) lines.push_back(made.line(i, width));
  return lines;
}

bool comes_before(const flow& a, const flow& b) {
  const auto rank = [](const flow& x) {
    return std::tuple(x.stack, !x.protocol, x.kind, x.protocol, x.state != flow_state::listen);
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (!a.protocol) {
    return std::tie(a.local.unix_path(), a.inode) < std::tie(b.local.unix_path(), b.inode);
  }
  return a.tuple() < b.tuple();
}

}  // namespace pentad::command
