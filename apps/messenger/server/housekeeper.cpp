#include "apps/messenger/server/housekeeper.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "apps/messenger/server/whole_file.hpp"

namespace pentad::messenger {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

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

// ---- line_file

line_file::~line_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::error_code line_file::open(const std::string& path) {
  int opened = -1;
  if (!path.empty()) {
    opened = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (opened < 0) return last_error();
  }
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = opened;
  return {};
}

std::error_code line_file::write(std::string_view line) {
  if (descriptor_ < 0) return {};
  const std::string whole = std::string{line} + "\n";
  const ssize_t written = ::write(descriptor_, whole.data(), whole.size());
  std::error_code failed;
  if (written < 0) {
    failed = last_error();
  } else if (static_cast<std::size_t>(written) != whole.size()) {
    failed = make_error_code(std::errc::no_space_on_device);
    // Half a line would spoil the next one.
    const off_t end = ::lseek(descriptor_, 0, SEEK_CUR);
    if (end >= written && ::ftruncate(descriptor_, end - written) != 0) failed = last_error();
  }
  const bool is_known = std::exchange(failed_, failed) == failed;
  return is_known ? std::error_code{} : failed;
}

// ---- housekeeper

std::expected<server_bans, std::string> housekeeper::open() {
  if (auto opened = open_logs(); !opened) return std::unexpected{std::move(opened.error())};
  if (auto taken = take_cloak_key(); !taken) return std::unexpected{std::move(taken.error())};
  if (settings_.bans_file.empty()) return server_bans{};
  const auto text = contents(settings_.bans_file);
  if (!text) return std::unexpected{wrong_with(settings_.bans_file, text.error())};
  auto bans = parse_bans(*text);
  if (!bans) return std::unexpected{settings_.bans_file + ":" + bans.error()};
  return *std::move(bans);
}

std::expected<void, std::string> housekeeper::open_logs() {
  if (const std::error_code failed = log_.open(settings_.log_file)) {
    return std::unexpected{wrong_with(settings_.log_file, failed)};
  }
  if (const std::error_code failed = audit_.open(settings_.audit_file)) {
    return std::unexpected{wrong_with(settings_.audit_file, failed)};
  }
  return {};
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

std::expected<std::vector<std::string>, std::string> housekeeper::reload() {
  auto changes = read_again();
  if (!changes) say_("pentad serve: the configuration stays as it was: " + changes.error());
  if (changes) {
    for (const std::string& change : *changes) say_("configuration: " + change);
    if (changes->empty()) say_("configuration: the same as before");
  }
  return changes;
}

std::expected<std::vector<std::string>, std::string> housekeeper::read_again() {
  // A log that was moved away is begun anew.
  if (auto opened = open_logs(); !opened) return std::unexpected{std::move(opened.error())};
  if (file_.empty()) return std::unexpected{std::string{"there is no configuration file"}};
  auto read = load_configuration(file_);
  if (!read) return std::unexpected{to_string(read.error())};
  if (listen_given_) read->listen = settings_.listen;
  if (read->cloak_key.empty()) read->cloak_key = settings_.cloak_key;
  std::vector<std::string> changes = changes_between(settings_, *read);
  keep_until_restart(settings_, *read);
  settings_ = *std::move(read);
  return changes;
}

std::error_code housekeeper::keep(std::span<const server_ban> bans) {
  if (settings_.bans_file.empty()) return {};
  return replace_file(settings_.bans_file, format_bans(bans));
}

void housekeeper::record(std::string_view json, bool audit) {
  const auto write = [&](line_file& to, const std::string& name) {
    if (const std::error_code failed = to.write(json)) {
      say_("pentad serve: " + wrong_with(name, failed));
    }
  };
  if (audit) write(audit_, settings_.audit_file);
  write(log_, settings_.log_file);
}

}  // namespace pentad::messenger
