// The numeric replies that the server gives, with the texts of the Modern IRC Client Protocol,
// "Numerics". A numeric is a number, and what its last parameter is.
#pragma once

#include <string_view>

namespace pentad::messenger::irc {

struct numeric {
  enum class ending {
    fixed,  ///< `text` ends every such reply
    free,   ///< the last parameter given is a text of any kind
    plain,  ///< the last parameter given is a name or a number like the others
  };

  std::string_view code;
  ending last = ending::fixed;
  std::string_view text = {};
};

// Registration
inline constexpr numeric rpl_welcome{"001", numeric::ending::free};
inline constexpr numeric rpl_yourhost{"002", numeric::ending::free};
inline constexpr numeric rpl_created{"003", numeric::ending::free};
inline constexpr numeric rpl_myinfo{"004", numeric::ending::plain};
inline constexpr numeric rpl_isupport{"005", numeric::ending::fixed,
                                      "are supported by this server"};

// LUSERS
inline constexpr numeric rpl_luserclient{"251", numeric::ending::free};
inline constexpr numeric rpl_luserop{"252", numeric::ending::fixed, "operator(s) online"};
inline constexpr numeric rpl_luserunknown{"253", numeric::ending::fixed, "unknown connection(s)"};
inline constexpr numeric rpl_luserchannels{"254", numeric::ending::fixed, "channels formed"};
inline constexpr numeric rpl_luserme{"255", numeric::ending::free};
inline constexpr numeric rpl_localusers{"265", numeric::ending::free};
inline constexpr numeric rpl_globalusers{"266", numeric::ending::free};

// The server
inline constexpr numeric rpl_statslinkinfo{"211", numeric::ending::plain};
inline constexpr numeric rpl_statscommands{"212", numeric::ending::plain};
inline constexpr numeric rpl_statsiline{"215", numeric::ending::plain};
inline constexpr numeric rpl_statskline{"216", numeric::ending::free};
inline constexpr numeric rpl_statsyline{"218", numeric::ending::plain};
inline constexpr numeric rpl_endofstats{"219", numeric::ending::fixed, "End of /STATS report"};
inline constexpr numeric rpl_statspline{"220", numeric::ending::free};
inline constexpr numeric rpl_statsuptime{"242", numeric::ending::free};
inline constexpr numeric rpl_statsoline{"243", numeric::ending::plain};
inline constexpr numeric rpl_statsdebug{"249", numeric::ending::free};
inline constexpr numeric rpl_statsconn{"250", numeric::ending::free};
inline constexpr numeric rpl_adminme{"256", numeric::ending::fixed, "Administrative info"};
inline constexpr numeric rpl_adminloc1{"257", numeric::ending::free};
inline constexpr numeric rpl_adminloc2{"258", numeric::ending::free};
inline constexpr numeric rpl_adminemail{"259", numeric::ending::free};
inline constexpr numeric rpl_version{"351", numeric::ending::free};
inline constexpr numeric rpl_links{"364", numeric::ending::free};
inline constexpr numeric rpl_endoflinks{"365", numeric::ending::fixed, "End of /LINKS list"};
inline constexpr numeric rpl_info{"371", numeric::ending::free};
inline constexpr numeric rpl_endofinfo{"374", numeric::ending::fixed, "End of INFO list"};
inline constexpr numeric rpl_youreoper{"381", numeric::ending::fixed,
                                       "You are now an IRC operator"};
inline constexpr numeric rpl_time{"391", numeric::ending::free};
inline constexpr numeric rpl_helpstart{"704", numeric::ending::free};
inline constexpr numeric rpl_helptxt{"705", numeric::ending::free};
inline constexpr numeric rpl_endofhelp{"706", numeric::ending::free};

// MOTD
inline constexpr numeric rpl_motd{"372", numeric::ending::free};
inline constexpr numeric rpl_motdstart{"375", numeric::ending::free};
inline constexpr numeric rpl_endofmotd{"376", numeric::ending::fixed, "End of /MOTD command."};

// People
inline constexpr numeric rpl_umodeis{"221", numeric::ending::plain};
inline constexpr numeric rpl_away{"301", numeric::ending::free};
inline constexpr numeric rpl_userhost{"302", numeric::ending::free};
inline constexpr numeric rpl_ison{"303", numeric::ending::free};
inline constexpr numeric rpl_unaway{"305", numeric::ending::fixed,
                                    "You are no longer marked as being away"};
inline constexpr numeric rpl_nowaway{"306", numeric::ending::fixed,
                                     "You have been marked as being away"};
inline constexpr numeric rpl_whoisuser{"311", numeric::ending::free};
inline constexpr numeric rpl_whoisserver{"312", numeric::ending::free};
inline constexpr numeric rpl_whoisoperator{"313", numeric::ending::fixed, "is an IRC operator"};
inline constexpr numeric rpl_whowasuser{"314", numeric::ending::free};
inline constexpr numeric rpl_endofwho{"315", numeric::ending::fixed, "End of WHO list"};
inline constexpr numeric rpl_whoisidle{"317", numeric::ending::fixed, "seconds idle, signon time"};
inline constexpr numeric rpl_endofwhois{"318", numeric::ending::fixed, "End of /WHOIS list"};
inline constexpr numeric rpl_whoischannels{"319", numeric::ending::free};
inline constexpr numeric rpl_whoisaccount{"330", numeric::ending::fixed, "is logged in as"};
inline constexpr numeric rpl_whoisbot{"335", numeric::ending::free};
inline constexpr numeric rpl_whoisactually{"338", numeric::ending::fixed, "Is actually using host"};
inline constexpr numeric rpl_whoreply{"352", numeric::ending::free};
inline constexpr numeric rpl_whospcrpl{"354", numeric::ending::plain};
inline constexpr numeric rpl_endofwhowas{"369", numeric::ending::fixed, "End of WHOWAS"};
inline constexpr numeric rpl_whoismodes{"379", numeric::ending::free};
inline constexpr numeric rpl_mononline{"730", numeric::ending::free};
inline constexpr numeric rpl_monoffline{"731", numeric::ending::free};
inline constexpr numeric rpl_monlist{"732", numeric::ending::free};
inline constexpr numeric rpl_endofmonlist{"733", numeric::ending::fixed, "End of MONITOR list"};
inline constexpr numeric err_monlistfull{"734", numeric::ending::fixed, "Monitor list is full."};
inline constexpr numeric rpl_loggedin{"900", numeric::ending::free};
inline constexpr numeric rpl_loggedout{"901", numeric::ending::fixed, "You are now logged out"};

// Channels
inline constexpr numeric rpl_liststart{"321", numeric::ending::fixed, "Users  Name"};
inline constexpr numeric rpl_list{"322", numeric::ending::free};
inline constexpr numeric rpl_listend{"323", numeric::ending::fixed, "End of /LIST"};
inline constexpr numeric rpl_channelmodeis{"324", numeric::ending::plain};
inline constexpr numeric rpl_creationtime{"329", numeric::ending::plain};
inline constexpr numeric rpl_notopic{"331", numeric::ending::fixed, "No topic is set"};
inline constexpr numeric rpl_topic{"332", numeric::ending::free};
inline constexpr numeric rpl_topicwhotime{"333", numeric::ending::plain};
inline constexpr numeric rpl_invitelist{"336", numeric::ending::plain};
inline constexpr numeric rpl_endofinvitelist{"337", numeric::ending::fixed, "End of /INVITE list"};
inline constexpr numeric rpl_inviting{"341", numeric::ending::plain};
inline constexpr numeric rpl_invexlist{"346", numeric::ending::plain};
inline constexpr numeric rpl_endofinvexlist{"347", numeric::ending::fixed,
                                            "End of Channel Invite Exception List"};
inline constexpr numeric rpl_exceptlist{"348", numeric::ending::plain};
inline constexpr numeric rpl_endofexceptlist{"349", numeric::ending::fixed,
                                             "End of channel exception list"};
inline constexpr numeric rpl_namreply{"353", numeric::ending::free};
inline constexpr numeric rpl_endofnames{"366", numeric::ending::fixed, "End of /NAMES list"};
inline constexpr numeric rpl_banlist{"367", numeric::ending::plain};
inline constexpr numeric rpl_endofbanlist{"368", numeric::ending::fixed, "End of channel ban list"};

// Errors
inline constexpr numeric err_nosuchnick{"401", numeric::ending::fixed, "No such nick/channel"};
inline constexpr numeric err_nosuchserver{"402", numeric::ending::fixed, "No such server"};
inline constexpr numeric err_nosuchchannel{"403", numeric::ending::fixed, "No such channel"};
inline constexpr numeric err_cannotsendtochan{"404", numeric::ending::fixed,
                                              "Cannot send to channel"};
inline constexpr numeric err_toomanychannels{"405", numeric::ending::fixed,
                                             "You have joined too many channels"};
inline constexpr numeric err_wasnosuchnick{"406", numeric::ending::fixed,
                                           "There was no such nickname"};
inline constexpr numeric err_toomanytargets{"407", numeric::ending::fixed, "Too many targets"};
inline constexpr numeric err_noorigin{"409", numeric::ending::fixed, "No origin specified"};
inline constexpr numeric err_invalidcapcmd{"410", numeric::ending::fixed, "Invalid CAP command"};
inline constexpr numeric err_norecipient{"411", numeric::ending::free};
inline constexpr numeric err_notexttosend{"412", numeric::ending::fixed, "No text to send"};
inline constexpr numeric err_toomanymatches{"416", numeric::ending::fixed,
                                            "Output too long: ask for less"};
inline constexpr numeric err_inputtoolong{"417", numeric::ending::fixed, "Input line was too long"};
inline constexpr numeric err_unknowncommand{"421", numeric::ending::fixed, "Unknown command"};
inline constexpr numeric err_nomotd{"422", numeric::ending::fixed, "MOTD File is missing"};
inline constexpr numeric err_noadmininfo{"423", numeric::ending::fixed,
                                         "No administrative info available"};
inline constexpr numeric err_nonicknamegiven{"431", numeric::ending::fixed, "No nickname given"};
inline constexpr numeric err_erroneusnickname{"432", numeric::ending::fixed, "Erroneus nickname"};
inline constexpr numeric err_nicknameinuse{"433", numeric::ending::fixed,
                                           "Nickname is already in use"};
inline constexpr numeric err_usernotinchannel{"441", numeric::ending::fixed,
                                              "They aren't on that channel"};
inline constexpr numeric err_notonchannel{"442", numeric::ending::fixed,
                                          "You're not on that channel"};
inline constexpr numeric err_useronchannel{"443", numeric::ending::fixed, "is already on channel"};
inline constexpr numeric err_notregistered{"451", numeric::ending::fixed,
                                           "You have not registered"};
inline constexpr numeric err_needmoreparams{"461", numeric::ending::fixed, "Not enough parameters"};
inline constexpr numeric err_alreadyregistered{"462", numeric::ending::fixed,
                                               "You may not reregister"};
inline constexpr numeric rpl_rehashing{"382", numeric::ending::free};
inline constexpr numeric err_nicktoofast{"438", numeric::ending::fixed,
                                         "Nick change too fast. Wait a minute"};
inline constexpr numeric err_yourebannedcreep{"465", numeric::ending::fixed,
                                              "You are banned from this server."};
inline constexpr numeric err_passwdmismatch{"464", numeric::ending::fixed, "Password incorrect"};
inline constexpr numeric err_invalidusername{"468", numeric::ending::fixed,
                                             "Your username is not valid"};
inline constexpr numeric err_channelisfull{"471", numeric::ending::fixed,
                                           "Cannot join channel (+l)"};
inline constexpr numeric err_unknownmode{"472", numeric::ending::fixed,
                                         "is unknown mode char to me"};
inline constexpr numeric err_inviteonlychan{"473", numeric::ending::fixed,
                                            "Cannot join channel (+i)"};
inline constexpr numeric err_bannedfromchan{"474", numeric::ending::fixed,
                                            "Cannot join channel (+b)"};
inline constexpr numeric err_badchannelkey{"475", numeric::ending::fixed,
                                           "Cannot join channel (+k)"};
inline constexpr numeric err_banlistfull{"478", numeric::ending::fixed, "Channel list is full"};
inline constexpr numeric err_noprivileges{"481", numeric::ending::fixed,
                                          "Permission Denied- You're not an IRC operator"};
inline constexpr numeric err_chanoprivsneeded{"482", numeric::ending::fixed,
                                              "You're not channel operator"};
inline constexpr numeric err_cantkillserver{"483", numeric::ending::fixed,
                                            "You cant kill a server!"};
inline constexpr numeric err_nooperhost{"491", numeric::ending::fixed, "No O-lines for your host"};
inline constexpr numeric err_umodeunknownflag{"501", numeric::ending::fixed, "Unknown MODE flag"};
inline constexpr numeric err_usersdontmatch{"502", numeric::ending::fixed,
                                            "Cant change mode for other users"};
inline constexpr numeric err_helpnotfound{"524", numeric::ending::fixed,
                                          "No help available on this topic"};
inline constexpr numeric err_invalidmodeparam{"696", numeric::ending::free};

}  // namespace pentad::messenger::irc
