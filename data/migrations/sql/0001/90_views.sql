-- What anyone may read: plain views in a schema of their own, for haiyu_read and for neighbour systems.
CREATE SCHEMA pub;
COMMENT ON SCHEMA pub IS '公开视图';

CREATE VIEW pub.sea_area AS
SELECT area.id, place.name_zh, place.name_en, place.kind, area.valid, area.source, area.mark, area.geom
FROM place_area AS area JOIN place ON place.id = area.place_id;
COMMENT ON VIEW pub.sea_area IS '地方管辖海域';

CREATE VIEW pub.registered_unit AS
SELECT occupation.id, parcel.parcel_code, occupation.right_id, occupation.use_type, occupation.use_mode,
       occupation.held, occupation.term, occupation.layers, occupation.z_low, occupation.z_high, occupation.months,
       parcel.mark, occupation.geom
FROM occupation LEFT JOIN parcel ON parcel.id = occupation.parcel_id
WHERE upper_inf(occupation.known) AND occupation.standing = 'registered' AND occupation.disclosure = 'public';
COMMENT ON VIEW pub.registered_unit IS '已登记的海域占用（现行）';

CREATE VIEW pub.zone AS
SELECT zone.id, layer.code AS layer, layer.name_zh AS layer_zh, layer.name_en AS layer_en, zone.name_zh, zone.name_en,
       zone.effect, zone.held, version.valid, version.source, zone.cite, version.mark, zone.geom
FROM zone JOIN layer_version AS version ON version.id = zone.version_id JOIN layer ON layer.id = version.layer_id
WHERE version.standing = 'published' AND coalesce(zone.disclosure, layer.disclosure) = 'public';
COMMENT ON VIEW pub.zone IS '已发布的公开分区';
