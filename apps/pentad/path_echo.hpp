// The echoing side of `pentad path`: `pentad listen --echo --path`.
#pragma once

#include "apps/pentad/path_channel.hpp"

namespace pentad::command {

/// Answers the messages of a channel, with their times on this host, until it ends. Errors: those
/// of the channel.
task<result<void>> echo_with_times(path_channel channel);

/// From one moment to a later one; empty unless both are known.
hop_duration between(const std::optional<wall_time>& from,
                     const std::optional<wall_time>& to) noexcept;

}  // namespace pentad::command
