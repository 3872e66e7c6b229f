// Who may see whom: secret channels and invisible people show themselves only to those who share
// a channel with them.
#pragma once

#include "apps/messenger/server/channel.hpp"
#include "apps/messenger/server/client.hpp"

namespace pentad::messenger {

/// A channel that is not secret, or that the viewer is in.
inline bool sees(const client& viewer, const channel& where) noexcept {
  return !where.modes.secret || where.find(viewer) != nullptr;
}

inline bool share_channel(const client& a, const client& b) noexcept {
  for (const seat& mine : a.seats) {
    if (mine.where->find(b) != nullptr) return true;
  }
  return false;
}

/// Themselves, people who are not invisible, and those in a channel of the viewer's.
inline bool sees(const client& viewer, const client& who) noexcept {
  return &viewer == &who || !who.invisible || share_channel(viewer, who);
}

}  // namespace pentad::messenger
