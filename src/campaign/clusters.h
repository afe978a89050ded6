/*
 * clusters.h: which frames are one frame, seen from several sides?
 *
 * Model: content objects by leaders: in the order of falling degree each follows the first leader whose member set has
 *   a Jaccard similarity of at least one half with its own (candidates: leaders that agree in one of
 *   CLUSTER_MINHASHES MinHashes of their members), so that unlike objects never chain. Frames with fewer than
 *   min_accounts members, without many tasks, or that do not recur unless they are watched (graph.h), are left out, and those with fewer than FIND_STRONG_MIN members in
 *   strong ties, because no second key could turn for them. MinHashes are kept until a frame's members change; nothing
 *   is clustered where no frame changed.
 * Source: Broder, "On the resemblance and containment of documents", 1997.
 * Shapes: order[from .. clusters_end(from)) are the frames of a cluster, by object.
 * Memory: 92 bytes for each frame that ever had FIND_STRONG_MIN members in strong ties, up to 256 more for those that
 *   lead, a bit an object.
 * Errors: STATUS_NOMEM: the next clusters_list must be asked to start anew.
 * Cost: O(members) hashes a MinHash for each frame that changed; O(frames log frames) where any did.
 * Order of calls: clusters_list after each build of the graph, then clusters_update.
 */
#ifndef CAMPAIGN_CLUSTERS_H
#define CAMPAIGN_CLUSTERS_H

#include "campaign/graph.h"

enum { CLUSTER_MINHASHES = 8 };

struct cluster_frame {
    uint64_t hashes[CLUSTER_MINHASHES];
    uint32_t object, degree;
    uint32_t leader; /* index of a frame, its own if it leads; MAP_NONE: it is left out */
    uint32_t before; /* the leader at the last update */
    uint32_t n_led;  /* if it leads: the cluster's frames */
    bool hashed;
    bool changed;
    bool stands; /* if it leads: the cluster is that of the last update */
};

struct clusters {
    struct cluster_frame *frames; /* every frame that ever had FIND_STRONG_MIN members in strong ties */
    uint32_t *order;              /* indices of those that are in clusters */
    size_t n, n_order, room;
    struct marks listed;    /* objects in frames */
    struct u64_map leaders; /* MinHash → frame */
};

void clusters_init(struct clusters *clusters);
void clusters_fini(struct clusters *clusters);
/* Takes in frames by what is marked in the graph; anew: by all of it. */
MUST_CHECK enum status clusters_list(struct clusters *clusters, const struct graph *graph, bool anew);
MUST_CHECK enum status clusters_update(
    struct clusters *clusters, const struct graph *graph, uint32_t min_accounts);
/* Where the cluster that begins at `from` ends, in order. */
size_t clusters_end(const struct clusters *clusters, size_t from);
size_t clusters_bytes(const struct clusters *clusters);

#endif
