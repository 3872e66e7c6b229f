#include "apps/pentad/native_flows.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/flow_json.hpp"
#include "pentad/base/parse_number.hpp"
#include "pentad/base/unix_endpoint.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

constexpr duration patience = 1s;
constexpr std::size_t longest_line = 65536;

// The process whose socket it is; 0 for another file.
int process_of(const std::filesystem::path& file) {
  if (file.extension() != ".sock") return 0;
  const auto number = parse_number<std::uint32_t>(file.stem().string());
  return number && *number <= 0x7fffffffU ? static_cast<int>(*number) : 0;
}

std::vector<std::filesystem::path> sockets_in(const std::string& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (std::filesystem::directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error)) {
    if (process_of(each->path()) != 0) found.push_back(each->path());
  }
  std::ranges::sort(found);
  return found;
}

bool has_ended(int process) noexcept { return ::kill(process, 0) != 0 && errno == ESRCH; }

// Takes whole lines off the front of `text`. False when a line has no end.
bool take_lines(std::string& text, std::vector<flow>& into) {
  std::string_view rest = text;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    if (std::optional<flow> made = parse_flow(rest.substr(0, end))) {
      into.push_back(std::move(*made));
    }
    rest.remove_prefix(end + 1);
  }
  text.erase(0, text.size() - rest.size());
  return text.size() <= longest_line;
}

task<result<>> ask(host& here, socket_address at, std::vector<flow>& into) {
  result<stream_socket> program = co_await here.connect(at);
  if (!program) co_return failure(program.error());
  std::string text;
  for (;;) {
    const result<received> more = co_await program->receive();
    if (!more) co_return failure(more.error());
    if (more->empty()) co_return result<>();
    const auto bytes = more->bytes();
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!take_lines(text, into)) co_return failure(std::errc::bad_message);
  }
}

}  // namespace

task<native_flows> ask_native_flows(host& here, std::string folder) {
  native_flows told;
  for (const std::filesystem::path& file : sockets_in(folder)) {
    const result<unix_endpoint> at = unix_endpoint::parse(file.string());
    if (!at) continue;
    std::vector<flow> flows;
    const result<> asked = co_await ask(here, *at, flows).timeout(patience);
    if (asked) {
      std::ranges::move(flows, std::back_inserter(told.flows));
    } else if (asked.error() == std::errc::connection_refused && has_ended(process_of(file))) {
      ::unlink(file.c_str());
    } else if (asked.error() != std::errc::no_such_file_or_directory) {
      told.complaints.push_back(explain(file.string(), asked.error()));
    }
  }
  co_return told;
}

}  // namespace pentad::command
