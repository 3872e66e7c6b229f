// The housekeeping of a server on a machine with files.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/housekeeping.hpp"

namespace pentad::messenger {

/// A file that lines are added to.
class line_file {
 public:
  line_file() = default;
  ~line_file();
  line_file(const line_file&) = delete;
  line_file& operator=(const line_file&) = delete;

  /// Opens the file again if it is another one by now (it may have been moved away). An empty path:
  /// no file, and lines go nowhere.
  std::error_code open(const std::string& path);

  /// The error is told once, until writing works again or fails for another reason.
  std::error_code write(std::string_view line);

 private:
  int descriptor_ = -1;
  std::error_code failed_;  // of the last line
};

class housekeeper final : public housekeeping {
 public:
  /// `settings` came from `file` (empty: from none) and are changed when that is read again. Where
  /// to listen may have been given by other means.
  housekeeper(configuration& settings, std::string_view file, bool listen_given,
              void (*say)(std::string_view line))
      : settings_(settings), file_(file), listen_given_(listen_given), say_(say) {}

  /// Opens the files, and reads the bans and the key that are in them; or what is wrong with one.
  std::expected<server_bans, std::string> open();

  std::expected<std::vector<std::string>, std::string> reload() override;
  std::error_code keep(std::span<const server_ban> bans) override;
  bool keeps_log() const noexcept override { return !settings_.log_file.empty(); }
  void record(std::string_view json, bool audit) override;

 private:
  std::expected<std::vector<std::string>, std::string> read_again();
  std::expected<void, std::string> open_logs();
  std::expected<void, std::string> take_cloak_key();

  configuration& settings_;
  std::string file_;
  bool listen_given_;
  void (*say_)(std::string_view line);
  line_file log_;
  line_file audit_;
};

}  // namespace pentad::messenger
