"""Restores killed at every step, and taken over: the end must be what it is undisturbed.

killpoints.py PROGRAM KUBECONFIG DATABASE VOLUMES all|some

DATABASE is the file of the Admin Console's database, VOLUMES the folder of all volumes. Each kind of restore runs once
undisturbed; then, from the same damage, it is killed with SIGKILL when its record reaches a step, and at random moments,
and taken over by another process with another HOME. Objects, files and rows are compared, without what is new each time.
"""
import hashlib, json, os, random, re, signal, sqlite3, subprocess, sys, time, urllib.request

program, kubeconfig, database, volumes, how_many = sys.argv[1:6]
work = os.path.dirname(kubeconfig) + "-homes"
text = open(kubeconfig).read()
server, token = (re.search(key + r':\s*"?([^"\s]+)', text).group(1) for key in ("server", "token"))

KINDS = ["pods", "services", "configmaps", "secrets", "serviceaccounts", "persistentvolumeclaims"]
APPS = ["deployments", "replicasets", "statefulsets"]
RBAC = ["roles", "rolebindings"]
PATHS = (["/api/v1/namespaces/default/" + k for k in KINDS] + ["/apis/apps/v1/namespaces/default/" + k for k in APPS]
         + ["/apis/rbac.authorization.k8s.io/v1/namespaces/default/" + k for k in RBAC]
         + ["/apis/rbac.authorization.k8s.io/v1/" + k for k in ("clusterroles", "clusterrolebindings")])
RECORDS = "/api/v1/namespaces/velero/configmaps"
TABLES = ["app", "app_version", "app_downstream", "app_downstream_version"]
NEW_EACH_TIME = [
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", "ADDRESS"),
    (r'"(resourceVersion|generation|observedGeneration)": ?"?\d+"?', r'"\1": "N"'),
    (r'"nodePort": ?\d+', '"nodePort": "N"'),
]


def api(method, path, body=None, timeout=60):
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    request = urllib.request.Request(server + path, json.dumps(body).encode() if body else None,
                                     {"Authorization": "Bearer " + token, "Content-Type": kind}, method=method)
    return urllib.request.urlopen(request, timeout=timeout)


def items(path):
    return json.load(api("GET", path))["items"]


def plain(value):
    text = json.dumps(value, sort_keys=True)
    for pattern, word in NEW_EACH_TIME:
        text = re.sub(pattern, word, text)
    return text


def state():
    """Everything that a restore is about: {what it is: what it says}."""
    found = {}
    for path in PATHS:
        for item in items(path):
            found["%s %s" % (path.rsplit("/", 1)[1], item["metadata"]["name"])] = plain(item)
    for folder, _, names in os.walk(volumes):
        for name in names:
            path = os.path.join(folder, name)
            if "/.velero/" in path or "/kotsadm" in path:
                continue
            found["file " + os.path.relpath(path, volumes)] = hashlib.sha256(open(path, "rb").read()).hexdigest()
    db = sqlite3.connect("file:%s?mode=ro" % database, uri=True)
    for table in TABLES:
        for row in db.execute("select * from %s" % table):
            row = ["TIME" if isinstance(v, int) and v > 1600000000 else v for v in row]
            key = "row of %s %s" % (table, row[:2])
            found[key] = found.get(key, "") + repr(row)
    db.close()
    return found


def settled():
    """The state once two looks at it agree."""
    before, end = None, time.time() + 30
    while True:
        now = state()
        if now == before:
            return now
        if time.time() > end:
            raise SystemExit("the cluster does not come to rest: %s" % differences(before, now)[:3])
        before = now
        time.sleep(0.3)


def differences(want, got):
    return ["%s: %s" % (key, "missing" if key not in got else "too many" if key not in want else
                        "differs: %s" % changed(want[key], got[key]))
            for key in sorted(set(want) | set(got)) if want.get(key) != got.get(key)]


def changed(a, b):
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return "...%s... instead of ...%s..." % (b[max(0, at - 30):at + 50], a[max(0, at - 30):at + 50])


def damage(console_only):
    """The same each time: files overwritten and gone, a setting changed, the console behind."""
    files = sorted(os.path.join(f, n) for f, _, names in os.walk(volumes) for n in names
                   if "/.velero/" not in f + "/" and "/kotsadm" not in f)
    for i, path in enumerate(files if not console_only else []):
        if i % 3 == 0:
            open(path, "w").write("broken")
        elif i % 3 == 1:
            os.remove(path)
    name = "kotsadm-confg" if console_only else "acme-settings"
    api("PATCH", "/api/v1/namespaces/default/configmaps/" + name, {"data": {"broken": "yes"}}).read()
    db = sqlite3.connect(database, timeout=10)
    db.execute("update app_downstream set current_sequence = 0")
    db.commit()
    db.close()


count = 0


def run(*words):
    global count
    count += 1
    home = os.path.join(work, str(count))
    os.makedirs(home)
    env = {"PATH": os.environ["PATH"], "HOME": home, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    return subprocess.Popen([program, "--kubeconfig", kubeconfig, *words], env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process, what, codes=(0,)):
    out, err = process.communicate(timeout=120)
    if process.returncode not in codes:
        raise SystemExit("%s ended with %d: %s%s" % (what, process.returncode, out, err))
    return out


def records():
    found = {}
    for item in items(RECORDS):
        if item["metadata"]["name"].startswith("kotsnap-op-"):
            record = json.loads(item["data"]["record"])
            found[record["id"]] = record
    return found


def kill_at_step(process, known, step):
    """The watch tells of each write of the record: killed with the first that says this step, or a later one."""
    stream = api("GET", RECORDS + "?watch=true", timeout=60)
    for line in stream:
        config_map = json.loads(line)["object"]
        if not config_map["metadata"]["name"].startswith("kotsnap-op-"):
            continue
        record = json.loads(config_map["data"]["record"])
        if record["id"] not in known and (record["at"] >= step or record["state"] != "running"):
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    stream.close()


def kill_after(process, seconds):
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()


def take_over(known, confirm):
    """(step it was killed at, what became of it)"""
    left = [r for r in records().values() if r["id"] not in known]
    if not left:
        return None, "killed before it had begun"
    record = left[0]
    step = record["plan"]["steps"][record["at"]]
    name = "%d %s %s" % (record["at"], step["what"], record["plan"]["parts"][step["part"]]["title"])
    if record["state"] != "running":
        return name, "had ended: " + record["state"]
    finish(run("restore", "take-over", record["id"], "--yes-i-mean", confirm), "take-over")
    return name, records()[record["id"]]["state"]


def prove(kind, words, confirm, points):
    restore = ["restore", "run", *words, "--yes-i-mean", confirm]
    damage("--console-only" in words)
    began = time.time()
    finish(run(*restore), kind)
    length = time.time() - began
    want = settled()
    steps = len(max(records().values(), key=lambda r: r["began"])["plan"]["steps"])
    print("%s: undisturbed %.1f s, %d objects, files and rows" % (kind, length, len(want)))
    chosen = list(range(steps)) if how_many == "all" else points
    chosen += ["random"] * (4 if how_many == "all" else 1)
    bad = 0
    for point in chosen:
        known = records()
        damage("--console-only" in words)
        process = run(*restore)
        if point == "random":
            kill_after(process, random.uniform(0.2, length))
        else:
            kill_at_step(process, known, point)
        at, end = take_over(known, confirm)
        if at is None:
            finish(run(*restore), kind)
            at = "-"
        wrong = differences(want, settled())
        bad += bool(wrong)
        print("    killed at %-8s found at %-42s %-10s %s" %
              (point, at, end, "equal" if not wrong else "%d DIFFERENT: %s" % (len(wrong), "; ".join(wrong[:3]))))
        sys.stdout.flush()
    return len(chosen), bad


def main():
    full = finish(run("create", "full", "--wait"), "a full snapshot").strip()
    partial = finish(run("create", "partial", "acme-analytics", "--wait"), "a partial snapshot").strip()
    site = json.loads(finish(run("restore", "plan", full, "-o", "json"), "a plan"))["confirm"]
    random.seed(int(os.environ.get("KILLSEED", time.time())))
    kinds = [("application from a full snapshot", [full, "--app", "acme-analytics"], "acme-analytics", [3, 5]),
             ("application from a partial snapshot", [partial, "--app", "acme-analytics"], "acme-analytics", [4]),
             ("Admin Console alone", [full, "--console-only"], "admin-console", [3, 6]),
             ("everything", [full], site, [4, 8, 10])]
    total = wrong = 0
    for kind in kinds:
        n, bad = prove(*kind)
        total += n
        wrong += bad
    print("%d of %d kill points end as undisturbed" % (total - wrong, total))
    sys.exit(wrong > 0)


main()
