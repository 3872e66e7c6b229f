// The housekeeping of a server on a machine with files. Nothing but `open` waits for a disk on the
// loop's own thread.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/housekeeping.hpp"
#include "apps/messenger/server/log_writer.hpp"
#include "apps/messenger/server/machine_work.hpp"
#include "apps/messenger/server/server_bans.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::messenger {

class housekeeper final : public housekeeping {
 public:
  /// `settings` came from `file` (empty: from none) and are changed when that is read again. Where
  /// to listen may have been given by other means.
  housekeeper(configuration& settings, std::string_view file, bool listen_given,
              void (*say)(std::string_view line));

  /// Opens the files, and reads the bans and the key that are in them; or what is wrong with one.
  std::expected<server_bans, std::string> open();

  /// Who is told what goes wrong with the logs.
  class audience {
   public:
    virtual void tell(std::string_view line) = 0;

   protected:
    ~audience() = default;
  };

  /// Writes the logs beside the other tasks; `operators` must stay as long as the tasks.
  void begin(scope& tasks, audience& operators);

  /// Writes the rest of the logs, after the tasks.
  task<> finish();

  /// Reads the configuration again and puts it into the place of the old one; what changed, a line
  /// each. If it is wrong the old one stays, and what is wrong comes back.
  task<reload_outcome> reload();

  /// Puts the text of all bans in the place of what was kept, and ends when it is on the disk;
  /// after an error, what was there still is.
  task<std::error_code> keep(std::string bans);

  bool keeps_log() const noexcept override { return !log_.path().empty(); }
  void record(std::string_view json, bool audit) override;

 private:
  task<reload_outcome> read_again();
  task<std::string> reopen_logs();
  std::vector<std::string> take(configuration read);
  std::expected<void, std::string> take_cloak_key();
  void tell(const std::string& line);

  configuration& settings_;
  std::string file_;
  bool listen_given_;
  void (*say_)(std::string_view line);
  audience* operators_ = nullptr;
  log_writer log_;
  log_writer audit_;
};

}  // namespace pentad::messenger
