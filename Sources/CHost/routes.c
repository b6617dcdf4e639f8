#include "CHost.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK 12
#endif

// Where a record has what, see CHost.h.
enum { METRIC = 16, GATEWAY = METRIC + 4, SOURCE = GATEWAY + 1 + 16 };

/// The records, and a route that is to be one.
struct routes {
    uint8_t *records;
    int count, capacity, addressSize;
};

static void copyAddress(const struct routes *routes, struct rtattr *attribute, uint8_t *address) {
    if (RTA_PAYLOAD(attribute) != (size_t)routes->addressSize) return;
    *address = (uint8_t)routes->addressSize;
    memcpy(address + 1, RTA_DATA(attribute), routes->addressSize);
}

/// Adds a route, or a next hop of one, whose interface still has its name.
static void add(struct routes *routes, uint8_t *route, unsigned interface, unsigned flags) {
    if (routes->count == routes->capacity || flags & RTNH_F_DEAD) return;
    if (if_indextoname(interface, (char *)route) == NULL) return;
    memcpy(routes->records + routes->count * census_route_size, route, census_route_size);
    routes->count++;
}

/// Takes one message. Returns whether it is of a narrower route of IPv4, behind which no default one
/// comes. Of IPv6 the default routes come last.
static int take(struct nlmsghdr *message, int family, struct routes *routes) {
    struct rtmsg *header = NLMSG_DATA(message);
    if (message->nlmsg_type != RTM_NEWROUTE || header->rtm_family != family) return 0;
    uint8_t route[16 + 4 + 1 + 16 + 1 + 16] = {0};
    struct rtattr *hops = NULL;
    unsigned table = header->rtm_table, interface = 0;
    uint32_t metric = 0;
    int left = RTM_PAYLOAD(message);
    for (struct rtattr *attribute = RTM_RTA(header); RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left)) {
        switch (attribute->rta_type) {
        case RTA_TABLE: memcpy(&table, RTA_DATA(attribute), sizeof table); break;
        case RTA_PRIORITY: memcpy(&metric, RTA_DATA(attribute), sizeof metric); break;
        case RTA_OIF: memcpy(&interface, RTA_DATA(attribute), sizeof interface); break;
        case RTA_GATEWAY: copyAddress(routes, attribute, route + GATEWAY); break;
        case RTA_PREFSRC: copyAddress(routes, attribute, route + SOURCE); break;
        case RTA_MULTIPATH: hops = attribute; break;
        }
    }
    if (table != RT_TABLE_MAIN) return 0;
    if (header->rtm_dst_len > 0) return family == AF_INET;
    if (header->rtm_type != RTN_UNICAST || header->rtm_flags & RTM_F_CLONED) return 0;
    metric = htonl(metric);
    memcpy(route + METRIC, &metric, sizeof metric);
    if (hops == NULL) {
        add(routes, route, interface, header->rtm_flags);
        return 0;
    }
    int room = RTA_PAYLOAD(hops);
    for (struct rtnexthop *hop = RTA_DATA(hops); RTNH_OK(hop, room);
         room -= NLMSG_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
        uint8_t one[sizeof route];
        memcpy(one, route, sizeof route);
        int rest = hop->rtnh_len - sizeof *hop;
        for (struct rtattr *attribute = RTNH_DATA(hop); RTA_OK(attribute, rest);
             attribute = RTA_NEXT(attribute, rest))
            if (attribute->rta_type == RTA_GATEWAY)
                copyAddress(routes, attribute, one + GATEWAY);
        add(routes, one, hop->rtnh_ifindex, hop->rtnh_flags);
    }
    return 0;
}

int32_t census_default_routes(int32_t address_size, uint8_t *records, int32_t capacity) {
    int family = address_size == 4 ? AF_INET : AF_INET6;
    int kernel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (kernel < 0) return -errno;
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
    struct routes routes = {.records = records, .capacity = capacity, .addressSize = address_size};
    int isDone = send(kernel, &request, sizeof request, 0) < 0;
    int error = isDone ? -errno : 0;
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
            else isDone = take(message, family, &routes);
        }
    }
    close(kernel);
    return error < 0 ? error : routes.count;
}
