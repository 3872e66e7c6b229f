#include "apps/messenger/server/housekeeper.hpp"

#include <sys/random.h>

#include <array>
#include <utility>

#include "apps/messenger/server/whole_file.hpp"
#include "pentad/runtime/blocking.hpp"

namespace pentad::messenger {
namespace {

std::string wrong_with(const std::string& file, std::error_code error) {
  return file + ": " + error.message();
}

/// All of a file; an empty text if there is none.
std::expected<std::string, std::error_code> contents(const std::string& path) {
  auto text = read_file(path);
  if (!text && text.error() == std::errc::no_such_file_or_directory) return std::string{};
  return text;
}

/// 32 digits, 128 bits (getrandom(2)).
std::string fresh_secret() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != std::ssize(bytes)) return {};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char each : bytes) {
    text += digits[each >> 4U];
    text += digits[each & 15U];
  }
  return text;
}

}  // namespace

housekeeper::housekeeper(configuration& settings, std::string_view file, bool listen_given,
                         void (*say)(std::string_view line))
    : settings_(settings),
      file_(file),
      listen_given_(listen_given),
      say_(say),
      log_(settings.log_file, [this](const std::string& line) { tell(line); }),
      audit_(settings.audit_file, [this](const std::string& line) { tell(line); }) {}

void housekeeper::tell(const std::string& line) {
  say_("pentad serve: " + line);
  if (operators_ != nullptr) operators_->tell(line);
}

std::expected<server_bans, std::string> housekeeper::open() {
  for (log_writer* each : {&log_, &audit_}) {
    if (const std::error_code failed = each->open()) {
      return std::unexpected{wrong_with(each->path(), failed)};
    }
  }
  if (auto taken = take_cloak_key(); !taken) return std::unexpected{std::move(taken.error())};
  if (settings_.bans_file.empty()) return server_bans{};
  const auto text = contents(settings_.bans_file);
  if (!text) return std::unexpected{wrong_with(settings_.bans_file, text.error())};
  auto bans = parse_bans(*text);
  if (!bans) return std::unexpected{settings_.bans_file + ":" + bans.error()};
  return *std::move(bans);
}

std::expected<void, std::string> housekeeper::take_cloak_key() {
  const std::string& file = settings_.cloak_key_file;
  if (!settings_.cloak_key.empty() || file.empty()) return {};
  auto text = contents(file);
  if (!text) return std::unexpected{wrong_with(file, text.error())};
  while (text->ends_with('\n')) text->pop_back();
  if (text->empty()) {
    *text = fresh_secret();
    if (const std::error_code failed = replace_file(file, *text + "\n")) {
      return std::unexpected{wrong_with(file, failed)};
    }
  }
  if (text->size() < 16) return std::unexpected{file + ": must be a secret of at least 16 bytes"};
  settings_.cloak_key = *std::move(text);
  return {};
}

void housekeeper::begin(scope& tasks, audience& operators) {
  operators_ = &operators;
  tasks.spawn(log_.run());
  tasks.spawn(audit_.run());
}

task<> housekeeper::finish() {
  operators_ = nullptr;
  co_await audit_.write_waiting();
  co_await log_.write_waiting();
}

task<reload_outcome> housekeeper::reload() {
  auto changes = co_await read_again();
  if (!changes) say_("pentad serve: the configuration stays as it was: " + changes.error());
  if (changes) {
    for (const std::string& change : *changes) say_("configuration: " + change);
    if (changes->empty()) say_("configuration: the same as before");
  }
  co_return changes;
}

task<reload_outcome> housekeeper::read_again() {
  std::string wrong = co_await reopen_logs();
  if (!wrong.empty()) co_return std::unexpected{std::move(wrong)};
  if (file_.empty()) co_return std::unexpected{std::string{"there is no configuration file"}};
  std::expected<configuration, configuration_error> read;
  const auto load = [&] { read = load_configuration(file_); };
  const result<void> ran = co_await blocking(load);
  if (!ran) co_return std::unexpected{ran.error().message()};
  if (!read) co_return std::unexpected{to_string(read.error())};
  co_return take(*std::move(read));
}

/// A log that was moved away is begun anew. Returns what is wrong with one; empty: nothing.
task<std::string> housekeeper::reopen_logs() {
  for (log_writer* each : {&log_, &audit_}) {
    const std::error_code failed = co_await each->reopen();
    if (failed) co_return wrong_with(each->path(), failed);
  }
  co_return std::string{};
}

std::vector<std::string> housekeeper::take(configuration read) {
  if (listen_given_) read.listen = settings_.listen;
  if (read.cloak_key.empty()) read.cloak_key = settings_.cloak_key;
  std::vector<std::string> changes = changes_between(settings_, read);
  keep_until_restart(settings_, read);
  settings_ = std::move(read);
  return changes;
}

task<std::error_code> housekeeper::keep(std::string bans) {
  const std::string path = settings_.bans_file;
  std::error_code failed;
  if (path.empty()) co_return failed;
  const auto write = [&] { failed = replace_file(path, bans); };
  const result<void> ran = co_await blocking(write);
  if (!ran) failed = ran.error();
  co_return failed;
}

void housekeeper::record(std::string_view json, bool audit) {
  if (audit) audit_.add(json);
  log_.add(json);
}

}  // namespace pentad::messenger
