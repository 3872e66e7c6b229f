#include "apps/pentad/flow_watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "apps/pentad/command.hpp"
#include "apps/pentad/fit_text.hpp"
#include "apps/pentad/flow_look.hpp"
#include "apps/pentad/flow_rates.hpp"
#include "apps/pentad/flow_table.hpp"
#include "apps/pentad/live_screen.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "apps/terminal/dimensions.hpp"
#include "apps/terminal/key_reader.hpp"
#include "apps/terminal/printable.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/signal_set.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;
using terminal::key;
using terminal::key_kind;

constexpr duration period = 1s;

constexpr std::size_t lines_around = 2;  // the line above the table, and its heading

class flow_watch {
 public:
  flow_watch(host& here, const flow_filter& filter) : here_(here), filter_(filter) {
    for (const flow_column& each : flow_columns()) {
      if (!each.is_of_hops) columns_.push_back(&each);
    }
  }

  task<> run();

 private:
  task<> look_again();
  task<> take_keys();
  task<> take_signals();
  void press(const key& pressed);
  void choose_column(std::ptrdiff_t step);
  void scroll(std::ptrdiff_t step);
  void show();
  std::size_t rows_that_fit() const;
  std::string line_above() const;

  host& here_;
  const flow_filter& filter_;
  scope* all_ = nullptr;
  std::vector<const flow_column*> columns_;
  std::vector<flow_row> rows_;
  std::string complaint_;
  flow_rates rates_;
  flow_order order_;
  std::size_t first_ = 0;  // of the rows that are shown

  signal_set signals_{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
  live_screen screen_;
  input_stream input_{STDIN_FILENO};
  terminal::key_reader keys_;
};

task<> flow_watch::run() {
  co_await in_scope([this](scope& all) -> task<> {
    all_ = &all;
    all.spawn(take_keys());
    all.spawn(take_signals());
    co_await look_again();
  });
}

task<> flow_watch::look_again() {
  for (;;) {
    flow_look look = co_await look_at_flows(here_, filter_);
    std::ranges::sort(look.flows, comes_before);
    complaint_ = look.complaints.empty() ? "" : look.complaints.front();
    rows_ = rates_.rows(std::move(look.flows), here_.now());
    show();
    const result<> slept = co_await here_.sleep(period);
    if (!slept) co_return;
  }
}

task<> flow_watch::take_keys() {
  std::array<char, 512> buffer;
  for (;;) {
    const result<std::size_t> size =
        co_await input_.read(std::as_writable_bytes(std::span(buffer)));
    // Linux ends a poll request of io_uring so when the modes of the terminal change under it.
    if (!size && size.error() == std::errc::invalid_argument) continue;
    if (!size || *size == 0) co_return all_->cancel();  // the terminal is gone
    keys_.feed({buffer.data(), *size});
    while (const std::optional<key> pressed = keys_.next()) press(*pressed);
    show();
  }
}

task<> flow_watch::take_signals() {
  for (;;) {
    const result<int> signal = co_await signals_.next();
    if (!signal) co_return;
    if (*signal == SIGTSTP) {
      screen_.suspend();
    } else if (*signal == SIGCONT) {
      screen_.resume();
    } else if (*signal != SIGWINCH) {
      co_return all_->cancel();
    }
    show();
  }
}

void flow_watch::press(const key& pressed) {
  switch (pressed.kind) {
    case key_kind::interrupt:
    case key_kind::end_of_input:
      return all_->cancel();
    case key_kind::suspend:
      return screen_.suspend();
    case key_kind::left:
      return choose_column(-1);
    case key_kind::right:
      return choose_column(1);
    case key_kind::up:
      return scroll(-1);
    case key_kind::down:
      return scroll(1);
    case key_kind::home:
      first_ = 0;
      break;
    case key_kind::end:
      first_ = rows_.size();
      break;
    case key_kind::character:
      if (pressed.text == "q") all_->cancel();
      if (pressed.text == "r") order_.reversed = !order_.reversed;
      break;
    default:
      break;
  }
}

void flow_watch::choose_column(std::ptrdiff_t step) {
  const auto count = static_cast<std::ptrdiff_t>(columns_.size());
  const auto found = std::ranges::find(columns_, order_.by);
  const std::ptrdiff_t now =
      found == columns_.end() ? (step > 0 ? -1 : count) : found - columns_.begin();
  order_ = {columns_[static_cast<std::size_t>((now + step + count) % count)], false};
}

void flow_watch::scroll(std::ptrdiff_t step) {
  const auto wanted = static_cast<std::ptrdiff_t>(first_) + step;
  first_ = static_cast<std::size_t>(std::max<std::ptrdiff_t>(wanted, 0));
}

std::size_t flow_watch::rows_that_fit() const {
  const std::size_t lines = terminal::dimensions_of(STDOUT_FILENO).lines;
  return lines > lines_around ? lines - lines_around : 0;
}

std::string flow_watch::line_above() const {
  std::string text = std::to_string(rows_.size()) + " flows";
  if (first_ != 0) text += ", from the " + std::to_string(first_ + 1) + ".";
  text += "   \u2190\u2192 sort   r reverse   \u2191\u2193 move   q quit";
  if (!complaint_.empty()) text += "   " + terminal::printable(complaint_);
  return text;
}

void flow_watch::show() {
  sort(rows_, order_);
  const std::size_t room = rows_that_fit();
  first_ = std::min(first_, rows_.size() > room ? rows_.size() - room : 0);
  const auto shown = std::span(rows_).subspan(first_, std::min(room, rows_.size() - first_));
  const terminal::dimensions size = terminal::dimensions_of(STDOUT_FILENO);
  std::vector<std::string> lines = flow_lines(shown, columns_, order_, size.columns);
  lines.insert(lines.begin(), fit_text(line_above(), size.columns));
  lines.resize(std::min(lines.size(), size.lines));
  screen_.draw(lines);
}

}  // namespace

task<int> watch_flows(host& here, const flow_filter& filter) {
  flow_watch watch(here, filter);
  co_await watch.run();
  co_return exit_done;
}

}  // namespace pentad::command
