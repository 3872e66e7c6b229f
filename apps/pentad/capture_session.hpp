// Frames from a packet socket to people and to a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "apps/pentad/late_filter.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "pentad/inspect/recording.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

struct capture_settings {
  std::uint64_t count = 0;  ///< frames; 0: without end
  late_filter filter = {};  ///< what the packet socket has let pass goes through it, too
};

class capture_session {
 public:
  /// `lines` and `file` are where lines and the recording go; one may be null. All must outlive
  /// the session.
  capture_session(host& here, packet_socket& frames, const capture_settings& settings,
                  output_stream* lines, output_stream* file);

  /// Ends when so many frames were captured, or with an error: of receiving, or of an output, which
  /// knows it, too.
  task<result<void>> run();

  [[nodiscard]] std::uint64_t captured() const noexcept { return captured_; }

 private:
  struct known_interface {
    std::string name;
    bool is_loopback = false;
    std::optional<std::uint32_t> recorded_as{};
  };

  known_interface& interface_of(const received_frame& frame);
  void take(const received_frame& frame);
  bool is_full() const noexcept;
  task<result<void>> write();
  task<result<void>> write_at_last();

  host& here_;
  packet_socket& frames_;
  capture_settings settings_;
  output_stream* lines_;
  output_stream* file_;
  std::map<std::uint32_t, known_interface> interfaces_;
  recording recorded_{"Pentad"};
  std::string text_;
  std::uint64_t captured_ = 0;
};

}  // namespace pentad::command
