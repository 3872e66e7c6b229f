#include "apps/messenger/server/watch_list.hpp"

#include <algorithm>
#include <utility>

#include "apps/messenger/server/client.hpp"

namespace pentad::messenger {

bool watch_list::add(client& who, std::string_view nick) {
  const std::unique_ptr<watched_nick>* found = nicks_.find(nick);
  if (found == nullptr) {
    found = &nicks_.insert(std::make_unique<watched_nick>(std::string{nick}));
  }
  watched_nick& whom = **found;
  if (std::ranges::find(who.watches, &whom, &watch::whom) != who.watches.end()) return false;
  who.watches.push_back({&whom, whom.by.size()});
  whom.by.push_back(&who);
  return true;
}

void watch_list::remove(client& who, std::string_view nick) noexcept {
  const std::unique_ptr<watched_nick>* found = nicks_.find(nick);
  if (found == nullptr) return;
  const auto mine = std::ranges::find(who.watches, found->get(), &watch::whom);
  if (mine == who.watches.end()) return;
  remove(who, static_cast<std::size_t>(mine - who.watches.begin()));
}

void watch_list::remove_all(client& who) noexcept {
  while (!who.watches.empty()) remove(who, who.watches.size() - 1);
}

std::span<client* const> watch_list::watchers(std::string_view nick) const noexcept {
  const std::unique_ptr<watched_nick>* found = nicks_.find(nick);
  if (found == nullptr) return {};
  return (*found)->by;
}

void watch_list::remove(client& who, std::size_t index) noexcept {
  const watch gone = who.watches[index];
  who.watches.erase(who.watches.begin() + static_cast<std::ptrdiff_t>(index));
  std::vector<client*>& by = gone.whom->by;
  // The last watcher takes the free place.
  by[gone.position] = by.back();
  by.pop_back();
  if (gone.position < by.size()) {
    std::ranges::find(by[gone.position]->watches, gone.whom, &watch::whom)->position =
        gone.position;
  }
  if (by.empty()) nicks_.erase(std::string{gone.whom->nick});
}

}  // namespace pentad::messenger
