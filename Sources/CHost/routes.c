#include "CHost.h"
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK 12
#endif

static void copyAddress(int family, struct rtattr *attribute, uint8_t *address, int32_t *isThere) {
    size_t size = family == AF_INET ? 4 : 16;
    if (RTA_PAYLOAD(attribute) != size) return;
    memcpy(address, RTA_DATA(attribute), size);
    *isThere = 1;
}

/// Adds a route, or a next hop of one, whose interface still has its name.
static int add(struct census_route *routes, int count, int capacity, struct census_route *route,
               unsigned interface, unsigned flags) {
    if (count == capacity || flags & RTNH_F_DEAD) return count;
    if (if_indextoname(interface, route->interface) == NULL) return count;
    routes[count] = *route;
    return count + 1;
}

/// Takes one message. Returns the new count; sets `isPast` where it is of a narrower route of IPv4,
/// behind which no default one comes. Of IPv6 the default routes come last.
static int take(struct nlmsghdr *message, int family, struct census_route *routes, int count,
                int capacity, int *isPast) {
    struct rtmsg *header = NLMSG_DATA(message);
    if (message->nlmsg_type != RTM_NEWROUTE || header->rtm_family != family) return count;
    struct census_route route = {0};
    struct rtattr *hops = NULL;
    unsigned table = header->rtm_table, interface = 0;
    int left = RTM_PAYLOAD(message);
    for (struct rtattr *attribute = RTM_RTA(header); RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left)) {
        switch (attribute->rta_type) {
        case RTA_TABLE: memcpy(&table, RTA_DATA(attribute), sizeof table); break;
        case RTA_PRIORITY: memcpy(&route.metric, RTA_DATA(attribute), sizeof route.metric); break;
        case RTA_OIF: memcpy(&interface, RTA_DATA(attribute), sizeof interface); break;
        case RTA_GATEWAY: copyAddress(family, attribute, route.gateway, &route.has_gateway); break;
        case RTA_PREFSRC: copyAddress(family, attribute, route.source, &route.has_source); break;
        case RTA_MULTIPATH: hops = attribute; break;
        }
    }
    if (table != RT_TABLE_MAIN) return count;
    if (header->rtm_dst_len > 0) {
        *isPast = family == AF_INET;
        return count;
    }
    if (header->rtm_type != RTN_UNICAST || header->rtm_flags & RTM_F_CLONED) return count;
    if (hops == NULL)
        return add(routes, count, capacity, &route, interface, header->rtm_flags);
    int room = RTA_PAYLOAD(hops);
    for (struct rtnexthop *hop = RTA_DATA(hops); RTNH_OK(hop, room);
         room -= NLMSG_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
        struct census_route one = route;
        int rest = hop->rtnh_len - sizeof *hop;
        for (struct rtattr *attribute = RTNH_DATA(hop); RTA_OK(attribute, rest);
             attribute = RTA_NEXT(attribute, rest))
            if (attribute->rta_type == RTA_GATEWAY)
                copyAddress(family, attribute, one.gateway, &one.has_gateway);
        count = add(routes, count, capacity, &one, hop->rtnh_ifindex, hop->rtnh_flags);
    }
    return count;
}

int census_default_routes(int family, struct census_route *routes, int capacity) {
    int kernel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (kernel < 0) return -1;
    // Since Linux 4.20 only the table that is asked for comes.
    int on = 1;
    setsockopt(kernel, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on);
    struct {
        struct nlmsghdr header;
        struct rtmsg route;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETROUTE,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .route = {.rtm_family = family, .rtm_table = RT_TABLE_MAIN},
    };
    size_t budget = 64 << 20; // a router's table may be longer
    int count = 0, isDone = send(kernel, &request, sizeof request, 0) < 0;
    if (isDone) count = -1;
    while (!isDone) {
        _Alignas(struct nlmsghdr) char buffer[1 << 15];
        ssize_t size = recv(kernel, buffer, sizeof buffer, 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0 || (size_t)size > budget) break;
        budget -= size;
        int left = (int)size;
        for (struct nlmsghdr *message = (void *)buffer; !isDone && NLMSG_OK(message, left);
             message = NLMSG_NEXT(message, left)) {
            // An error is that there is no such table yet.
            if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) isDone = 1;
            else count = take(message, family, routes, count, capacity, &isDone);
        }
    }
    close(kernel);
    return count;
}
