// A machine whose disk and files a test makes up.
#pragma once

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "apps/messenger/server/server.hpp"

namespace pentad::messenger::testing {

class machine final : public housekeeping {
 public:
  bool keeps_log() const noexcept override { return true; }
  void record(std::string_view json, bool audit) override {
    (audit ? audited : logged).emplace_back(json);
  }

  /// Does what the server asks of it, unless its disk hangs.
  void works(server& desk, moment now) {
    if (hangs) return;
    while (desk.has_bans_to_keep()) {
      const std::string text = desk.begin_keeping_bans(now);
      if (!disk_error) file = text;
      desk.end_keeping_bans(disk_error, now);
    }
    while (desk.has_to_reload()) {
      desk.begin_reload();
      desk.end_reload(next_reload, now);
    }
  }

  bool hangs = false;
  std::error_code disk_error;
  reload_outcome next_reload;
  std::string file;
  std::vector<std::string> audited;
  std::vector<std::string> logged;
};

}  // namespace pentad::messenger::testing
